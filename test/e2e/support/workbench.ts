import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type Browser, type BrowserContext, type Frame, type Locator, type Page } from 'playwright-core';
import { onTestFailed } from 'vitest';
import { ensureChromium } from '../../../scripts/lib/chromium.ts';
import {
  ensureCodeServer,
  remotePath,
  startServer,
  type Server,
  type ServerOptions,
} from '../../../scripts/lib/codeServer.ts';
import { ownMark } from '../../../scripts/lib/ownProcesses.ts';
import { root } from '../../../scripts/lib/paths.mjs';

export const results = path.join(root, 'test-results');

export interface OpenOptions extends ServerOptions {
  readonly width?: number;
  /** False when the extension is installed and not loaded from this folder. */
  readonly fromSource?: boolean;
  /** The folder that the extension is loaded from: this repository unless told otherwise. */
  readonly source?: string;
  /** The display language, which VS Code itself would take from a language pack. */
  readonly language?: string;
  /** Further files of the folder, by name. */
  readonly files?: Readonly<Record<string, string>>;
  /** What the browser behind VS Code is told. */
  readonly browserArguments?: readonly string[];
}

export type ViewName = 'designer' | 'training' | 'gradients' | 'explain' | 'comparison' | 'sweep' | 'lab' | 'device';

/** VS Code in a browser, on a copy of the examples that a test may change. */
export class Workbench {
  readonly folder: string;
  readonly page: Page;
  readonly server: Server;
  /** What the browser's console complained about. */
  readonly complaints: string[] = [];
  readonly #browser: Browser;

  private constructor(folder: string, server: Server, browser: Browser, page: Page) {
    this.folder = folder;
    this.server = server;
    this.#browser = browser;
    this.page = page;
    page.on('console', message => {
      if (message.type() === 'error') this.complaints.push(message.text());
    });
  }

  static async open({
    width = 1280,
    fromSource = true,
    source: extension = root,
    language,
    files = {},
    browserArguments = [],
    ...serverOptions
  }: OpenOptions = {}): Promise<Workbench> {
    ensureCodeServer();
    const folder = mkdtempSync(path.join(tmpdir(), 'mlp-studio-examples-'));
    cpSync(path.join(root, 'examples'), folder, { recursive: true });
    rmSync(path.join(folder, '.mlp-runs'), { recursive: true, force: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
    const environment = { ...serverOptions.environment, ...ownMark };
    const server = await startServer({ testDriver: fromSource, ...serverOptions, environment });
    const browser = await chromium.launch({
      executablePath: ensureChromium(),
      args: [...browserArguments, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
    });
    const context = await browser.newContext({ viewport: { width, height: 800 } });
    // The page of a webview waits for an update of its service worker, which takes seconds here and is not needed.
    await context.addInitScript(() => {
      if ('ServiceWorkerRegistration' in globalThis)
        ServiceWorkerRegistration.prototype.update = function () {
          return Promise.resolve(this);
        };
    });
    if (language !== undefined)
      await context.addInitScript(name => {
        Object.defineProperty(globalThis, '_VSCODE_NLS_LANGUAGE', { get: () => name, set: () => undefined });
      }, language);
    const source = fromSource ? [['extensionDevelopmentPath', remotePath(server, extension)] as const] : [];
    const address = server.address(folder, source);
    return new Workbench(folder, server, browser, await openPage(context, address));
  }

  /** Another window on the same folder. */
  async anotherWindow(): Promise<Workbench> {
    const page = await openPage(this.page.context(), this.page.url());
    return new Workbench(this.folder, this.server, this.#browser, page);
  }

  /** Closes this window alone. */
  async closeWindow(): Promise<void> {
    // A window that says goodbye ends its extensions; one that vanishes is waited for.
    await this.page.goto('about:blank');
    await this.page.close();
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.server.stop();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }

  /** Leaves a picture behind if the test that runs now fails. */
  watch(): void {
    onTestFailed(async ({ task }) => {
      if (!this.page.isClosed()) await this.screenshot(`failed ${task.name}`);
    });
  }

  async screenshot(name: string): Promise<void> {
    mkdirSync(results, { recursive: true });
    await this.page.screenshot({ path: path.join(results, `${name.replaceAll(/[^\w-]+/g, '-')}.png`) });
  }

  async openFromExplorer(file: string): Promise<void> {
    await this.page
      .locator('.explorer-folders-view')
      .getByRole('treeitem', { name: file, exact: false })
      .first()
      .dblclick();
  }

  /** Runs a command as a user does: F1, its title, Enter. */
  async runCommand(title: string): Promise<void> {
    const palette = this.page.locator('.quick-input-widget');
    // The list may still move under the pointer while commands of other extensions arrive: then it is opened again.
    for (let attempt = 1; ; attempt++)
      try {
        await this.page.keyboard.press('F1');
        // A key that falls into a view whose page is still being made reaches nobody.
        await palette
          .locator('input')
          .first()
          .fill(`>${title}`, { timeout: attempt < 4 ? 2000 : 20_000 });
        await palette
          .getByRole('option', { name: title })
          .first()
          .click({ timeout: attempt < 4 ? 4000 : 20_000 });
        // A row that moved between press and release takes no click; then the palette still stands there as it was.
        await this.page.waitForFunction(
          typed => {
            const input = document.querySelector<HTMLInputElement>('.quick-input-widget input');
            return input?.checkVisibility() !== true || input.value !== typed;
          },
          `>${title}`,
          { timeout: 4000 },
        );
        return;
      } catch (error) {
        if (attempt === 4) throw error;
        await this.page.keyboard.press('Escape');
      }
  }

  /** Takes a colour theme by its title, as a user does. */
  async useTheme(title: string): Promise<void> {
    await this.runCommand('Preferences: Color Theme');
    const picker = this.page.locator('.quick-input-widget');
    await picker.getByRole('option').nth(5).waitFor();
    await this.page.keyboard.type(title);
    await picker.getByRole('option', { name: new RegExp(`^${title}(,|$)`) }).click();
    await picker.waitFor({ state: 'hidden' });
  }

  /** Opens the *Gradients* view from the activity bar. */
  async openGradients(): Promise<Frame> {
    await this.page.locator('.activitybar a[aria-label="MLP Studio"]').click();
    return this.view('gradients');
  }

  /** The content of a webview; waits until it is there. */
  async view(name: ViewName): Promise<Frame> {
    const end = Date.now() + 30_000;
    while (Date.now() < end) {
      await this.page.waitForTimeout(50);
      for (const frame of this.page.frames()) {
        if (!frame.url().includes('/fake.html')) continue;
        const count = await frame
          .locator(`body[data-view="${name}"] #root > *`)
          .count()
          .catch(() => 0);
        if (count > 0) return frame;
      }
    }
    throw new Error(`The view "${name}" did not appear.`);
  }

  /** Waits for a notification with this text, looking behind the bell. */
  async notification(text: string | RegExp): Promise<Locator> {
    const notification = this.page.locator('.notification-list-item').filter({ hasText: text });
    const bell = this.page.locator('[id="status.notifications"]');
    await bell.locator('.codicon-bell-dot').waitFor();
    if ((await notification.count()) === 0) await bell.click();
    // The tooltip of the bell would lie over what a notification offers.
    await notification.hover();
    return notification;
  }
}

async function openPage(context: BrowserContext, address: string): Promise<Page> {
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  await page.goto(address);
  await page.locator('.activitybar a[aria-label="MLP Studio"]').waitFor({ timeout: 60_000 });
  return page;
}

/** Drags with a real mouse from the middle of one thing to the middle of another. */
export async function drag(page: Page, from: Locator, to: Locator): Promise<void> {
  const [a, b] = await Promise.all([from.boundingBox(), to.boundingBox()]);
  if (!a || !b) throw new Error('Nothing to drag, or nowhere to drag to.');
  await page.mouse.move(a.x + a.width / 2, a.y + a.height / 2);
  await page.mouse.down();
  await page.mouse.move(b.x + b.width / 2 - 20, b.y + b.height / 2, { steps: 8 });
  await page.mouse.move(b.x + b.width / 2, b.y + b.height / 2, { steps: 4 });
  await page.mouse.up();
}
