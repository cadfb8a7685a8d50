import * as vscode from 'vscode';

/** Tells where a file is now, after it or a folder around it got another name; undefined for one that stays. */
export type Moves = (uri: vscode.Uri) => vscode.Uri | undefined;

/** Hears of every renaming in the editor. */
export const onDidMoveFiles = (follow: (moved: Moves) => void): vscode.Disposable =>
  vscode.workspace.onDidRenameFiles(({ files }) =>
    follow(uri => {
      for (const { oldUri, newUri } of files) {
        if (uri.toString() === oldUri.toString()) return newUri;
        if (uri.scheme === oldUri.scheme && uri.path.startsWith(`${oldUri.path}/`))
          return newUri.with({ path: newUri.path + uri.path.slice(oldUri.path.length) });
      }
      return undefined;
    }),
  );
