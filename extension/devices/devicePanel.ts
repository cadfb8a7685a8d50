import * as vscode from 'vscode';
import { EngineError } from '../../engine/model/errors.ts';
import type { Channel } from '../../engine/protocol/channel.ts';
import { DeviceLink } from '../../engine/protocol/deviceLink.ts';
import type { DeviceReport } from '../../engine/protocol/devices.ts';
import { deviceHostSchemas, type DeviceToHost, type HostToDevice } from '../../engine/protocol/deviceViews.ts';
import { connectWebview, fillWebview } from '../webviews/webviewPage.ts';
import type { DeviceRoom, LentDevice } from './offeredDevice.ts';

const deviceViewType = 'mlpStudio.device';

/** Milliseconds that the page of a covered tab may take to load. */
const patience = 10_000;

/** Where the tab opens, and how what it covers there is shown again. */
export interface TabPlace {
  readonly column: vscode.ViewColumn;
  readonly uncover: () => void;
}

interface Guest {
  readonly title: string;
  device: string;
  readonly link: DeviceLink;
  receive: (message: unknown) => void;
}

/**
 * The tab that computes: the browser behind the editor may have a GPU that the training process cannot reach. It is there while a training uses it,
 * and computes on when it is hidden.
 */
export class DevicePanel implements DeviceRoom, vscode.Disposable {
  readonly #extensionUri: vscode.Uri;
  readonly #log: vscode.LogOutputChannel;
  readonly #place: () => TabPlace;
  readonly #guests = new Map<number, Guest>();
  #panel: vscode.WebviewPanel | undefined;
  /** The page, once it is ready. */
  #view: Promise<Channel<HostToDevice, DeviceToHost>> | undefined;
  #lastGuest = 0;

  reports: readonly DeviceReport[] | undefined;

  constructor(extensionUri: vscode.Uri, log: vscode.LogOutputChannel, place: () => TabPlace) {
    this.#extensionUri = extensionUri;
    this.#log = log;
    this.#place = place;
  }

  dispose(): void {
    this.#panel?.dispose();
  }

  async lend(title: string): Promise<LentDevice> {
    const number = ++this.#lastGuest;
    const view = await (this.#view ??= this.#open());
    let receive: (message: unknown) => void = () => undefined;
    const link = new DeviceLink(
      {
        post: message => void view.toWorker.asEvent(number, message),
        onMessage: listener => void (receive = listener),
      },
      reason => this.#log.warn(`The worker of a view sent ${reason}.`),
    );
    const guest: Guest = { title, device: '', link, receive: message => receive(message) };
    this.#guests.set(number, guest);
    void view.startWorker.asEvent(number);
    this.#show(view);
    return {
      calls: link,
      name: device => {
        guest.device = device;
        this.#show(view);
      },
      giveBack: () => {
        if (!this.#guests.delete(number)) return;
        link.end(vscode.l10n.t('The device was given back.'));
        void view.stopWorker.asEvent(number);
        this.#show(view);
        if (this.#guests.size === 0) this.#panel?.dispose();
      },
    };
  }

  #show(view: Channel<HostToDevice, DeviceToHost>): void {
    void view.show.asEvent([...this.#guests.values()].map(({ title, device }) => ({ title, device })));
  }

  /** Opens the tab. Resolves when its page is ready; rejects if it is closed before. */
  async #open(): Promise<Channel<HostToDevice, DeviceToHost>> {
    const title = vscode.l10n.t('GPU of This Window');
    const ready = Promise.withResolvers<undefined>();
    const { column, uncover } = this.#place();
    // The page loads and computes behind others as well.
    const opening = whenTabOpens(uncover);
    const panel = vscode.window.createWebviewPanel(
      deviceViewType,
      title,
      { viewColumn: column, preserveFocus: true },
      // What computes here must go on when another tab covers it.
      { retainContextWhenHidden: true },
    );
    this.#panel = panel;
    panel.iconPath = vscode.Uri.joinPath(this.#extensionUri, 'media', 'mlp-studio.svg');
    const view = connectWebview<HostToDevice, DeviceToHost>(
      panel.webview,
      {
        ready: () => ready.resolve(undefined),
        fromWorker: (number, message) => this.#guests.get(number)?.receive(message),
        workerFailed: (number, reason) =>
          this.#guests.get(number)?.link.end(vscode.l10n.t('The worker that computed has failed: {0}.', reason)),
      },
      deviceHostSchemas,
      this.#log,
    );
    panel.onDidDispose(() => {
      this.#panel = undefined;
      this.#view = undefined;
      const message = vscode.l10n.t('The tab “{0}”, which computed, was closed.', title);
      for (const { link } of this.#guests.values()) link.end(message);
      this.#guests.clear();
      ready.reject(new EngineError('device-lost', message));
    });
    fillWebview(panel.webview, this.#extensionUri, { view: 'device', title, worker: 'deviceWorker.js' });
    // An editor that had not begun with the page when it was covered does so when it is seen again.
    const seenAgain = setTimeout(() => panel.reveal(undefined, true), patience);
    try {
      await ready.promise;
    } finally {
      clearTimeout(seenAgain);
      opening.dispose();
    }
    if (panel.visible) uncover();
    return view;
  }
}

/** Calls `then` once, as soon as the editor shows the tab. */
function whenTabOpens(then: () => void): vscode.Disposable {
  const isOurs = ({ input }: vscode.Tab) =>
    input instanceof vscode.TabInputWebview && input.viewType.endsWith(deviceViewType);
  const listening = vscode.window.tabGroups.onDidChangeTabs(({ opened }) => {
    if (!opened.some(isOurs)) return;
    listening.dispose();
    then();
  });
  return listening;
}
