import * as vscode from 'vscode';

/** Tells where a file is now, after it or a folder around it got another name; undefined for one that stays. */
export type Moves = (uri: vscode.Uri) => vscode.Uri | undefined;

const movesOf =
  (renames: readonly { readonly oldUri: vscode.Uri; readonly newUri: vscode.Uri }[]): Moves =>
  uri => {
    for (const { oldUri, newUri } of renames) {
      if (uri.toString() === oldUri.toString()) return newUri;
      if (uri.scheme === oldUri.scheme && uri.path.startsWith(`${oldUri.path}/`))
        return newUri.with({ path: newUri.path + uri.path.slice(oldUri.path.length) });
    }
    return undefined;
  };

/** Hears of every renaming in the editor. */
export const onDidMoveFiles = (follow: (moved: Moves) => void): vscode.Disposable =>
  vscode.workspace.onDidRenameFiles(({ files }) => follow(movesOf(files)));

const key = 'mlpStudio.renames';
/** Renamings that are remembered. */
const maximumRenames = 200;

/** Remembers over a reload of the window what was renamed: a page that was hidden still has the old name of its model. */
export class RenameMemory implements vscode.Disposable {
  readonly #memory: vscode.Memento;
  readonly #subscription: vscode.Disposable;

  constructor(memory: vscode.Memento) {
    this.#memory = memory;
    this.#subscription = vscode.workspace.onDidRenameFiles(({ files }) => {
      const pairs = files.map(({ oldUri, newUri }) => [oldUri.toString(), newUri.toString()] as const);
      void memory.update(key, [...this.#pairs, ...pairs].slice(-maximumRenames));
    });
  }

  dispose(): void {
    this.#subscription.dispose();
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

  get #pairs(): readonly (readonly [string, string])[] {
    return this.#memory.get<readonly (readonly [string, string])[]>(key, []);
  }
}
