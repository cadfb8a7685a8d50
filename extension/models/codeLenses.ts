import * as vscode from 'vscode';
import { modelPattern } from './modelFiles.ts';

/** *Train* and *Open Designer* above the text of a model. */
export function registerCodeLenses(): vscode.Disposable {
  const top = new vscode.Range(0, 0, 0, 0);
  return vscode.languages.registerCodeLensProvider(
    { pattern: modelPattern },
    {
      provideCodeLenses: ({ uri }) => [
        new vscode.CodeLens(top, {
          title: `$(play) ${vscode.l10n.t('Train')}`,
          command: 'mlpStudio.train',
          arguments: [uri],
        }),
        new vscode.CodeLens(top, {
          title: `$(type-hierarchy) ${vscode.l10n.t('Open Designer')}`,
          command: 'mlpStudio.openInDesigner',
          arguments: [uri],
        }),
      ],
    },
  );
}
