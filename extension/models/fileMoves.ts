import * as vscode from 'vscode';
import { modelPattern } from './modelFiles.ts';
import { ModelSightings, type Fingerprints } from './modelSightings.ts';

/** Tells where a file is now, after it or a folder around it got another name; undefined for one that stays. */
export type Moves = (uri: vscode.Uri) => vscode.Uri | undefined;

interface Rename {
  readonly oldUri: vscode.Uri;
  readonly newUri: vscode.Uri;
}

const movesOf =
  (renames: readonly Rename[]): Moves =>
  uri => {
    for (const { oldUri, newUri } of renames) {
      if (uri.toString() === oldUri.toString()) return newUri;
      if (uri.scheme === oldUri.scheme && uri.path.startsWith(`${oldUri.path}/`))
        return newUri.with({ path: newUri.path + uri.path.slice(oldUri.path.length) });
    }
    return undefined;
  };

const renamesKey = 'mlpStudio.renames';
const fingerprintsKey = 'mlpStudio.fingerprints';
/** Renamings that are remembered, and files whose content is. */
const maximumRenames = 200;
const maximumFiles = 2000;
/** Milliseconds from a sign that files have moved to the look at them, and from the opening of the window to the first one. */
const delay = 300;
const firstDelay = 2000;

/**
 * Hears of every model that gets another name: in the editor, by a command elsewhere, or while no window was open. Remembers it
 * over a reload of the window, since a page that was hidden still has the old name of its model.
 */
export class FileMoves implements vscode.Disposable {
  readonly #memory: vscode.Memento;
  readonly #moved = new vscode.EventEmitter<Moves>();
  readonly #sightings: ModelSightings;
  readonly #subscriptions: vscode.Disposable;
  #timer: NodeJS.Timeout | undefined;

  readonly onDidMove = this.#moved.event;

  constructor(memory: vscode.Memento) {
    this.#memory = memory;
    this.#sightings = new ModelSightings(listModels, {
      read: () => memory.get<Fingerprints>(fingerprintsKey, {}),
      write: fingerprints => void memory.update(fingerprintsKey, fingerprints),
    });
    const watcher = vscode.workspace.createFileSystemWatcher(modelPattern);
    this.#subscriptions = vscode.Disposable.from(
      this.#moved,
      watcher,
      watcher.onDidCreate(() => this.#lookSoon()),
      watcher.onDidDelete(() => this.#lookSoon()),
      watcher.onDidChange(({ scheme, fsPath }) => {
        if (scheme === 'file') void this.#sightings.note(fsPath);
      }),
      // A folder that is moved elsewhere gives no sign for the files in it.
      vscode.window.onDidChangeWindowState(({ focused }) => {
        if (focused) this.#lookSoon();
      }),
      vscode.workspace.onDidRenameFiles(({ files }) => {
        const moved = movesOf(files);
        this.#sightings.follow(file => moved(vscode.Uri.file(file))?.fsPath);
        this.#tell(files);
      }),
    );
    this.#lookSoon(firstDelay);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#subscriptions.dispose();
  }

  /** Where a file is now; the file itself where it still is. */
  async find(uri: vscode.Uri): Promise<vscode.Uri> {
    try {
      await vscode.workspace.fs.stat(uri);
      return uri;
    } catch {
      return this.#pairs.reduce((now, [before, after]) => {
        const rename = { oldUri: vscode.Uri.parse(before), newUri: vscode.Uri.parse(after) };
        return movesOf([rename])(now) ?? now;
      }, uri);
    }
  }

  #lookSoon(after = delay): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#look(), after);
  }

  async #look(): Promise<void> {
    const found = await this.#sightings.look();
    this.#tell(found.map(({ before, after }) => ({ oldUri: vscode.Uri.file(before), newUri: vscode.Uri.file(after) })));
  }

  #tell(renames: readonly Rename[]): void {
    if (renames.length === 0) return;
    const pairs = renames.map(({ oldUri, newUri }) => [oldUri.toString(), newUri.toString()] as const);
    void this.#memory.update(renamesKey, [...this.#pairs, ...pairs].slice(-maximumRenames));
    this.#moved.fire(movesOf(renames));
  }

  get #pairs(): readonly (readonly [string, string])[] {
    return this.#memory.get<readonly (readonly [string, string])[]>(renamesKey, []);
  }
}

async function listModels(): Promise<string[]> {
  const found = await vscode.workspace.findFiles(modelPattern, '**/{node_modules,.mlp-runs}/**', maximumFiles);
  return found.filter(({ scheme }) => scheme === 'file').map(({ fsPath }) => fsPath);
}
