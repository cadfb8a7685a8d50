import * as vscode from 'vscode';
import type { Issue } from '../../engine/model/issues.ts';
import { remedyEdit } from '../../engine/model/remedyEdit.ts';
import { workspaceEditOf } from './applyModelEdit.ts';
import type { ModelDocument, ModelDocuments } from './modelDocuments.ts';
import { modelPattern } from './modelFiles.ts';

const source = 'MLP Studio';

/** Shows what is wrong with open models in the Problems view and in the text, each with its fix. */
export function registerDiagnostics(models: ModelDocuments): vscode.Disposable {
  const collection = vscode.languages.createDiagnosticCollection('mlpStudio');
  const show = ({ document, issues }: ModelDocument) =>
    collection.set(
      document.uri,
      issues.map(issue => diagnosticOf(document, issue)),
    );
  for (const model of models.all) show(model);
  return vscode.Disposable.from(
    collection,
    models.onDidChange(show),
    models.onDidClose(uri => collection.delete(uri)),
    vscode.languages.registerCodeActionsProvider(
      { pattern: modelPattern },
      { provideCodeActions: (document, range) => quickFixes(models.of(document), range) },
      { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
    ),
  );
}

function rangeOf(document: vscode.TextDocument, { offset, length }: Issue): vscode.Range {
  return new vscode.Range(document.positionAt(offset), document.positionAt(offset + length));
}

function diagnosticOf(document: vscode.TextDocument, issue: Issue): vscode.Diagnostic {
  const severity = issue.severity === 'error' ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning;
  const diagnostic = new vscode.Diagnostic(rangeOf(document, issue), issue.message, severity);
  diagnostic.source = source;
  diagnostic.code = issue.code;
  return diagnostic;
}

function quickFixes({ document, issues }: ModelDocument, range: vscode.Range): vscode.CodeAction[] {
  return issues.flatMap(issue => {
    if (!rangeOf(document, issue).intersection(range)) return [];
    const fixes = fixesOf(document, issue).filter(({ edit }) => edit);
    for (const [i, fix] of fixes.entries()) {
      fix.diagnostics = [diagnosticOf(document, issue)];
      fix.isPreferred = i === 0;
    }
    return fixes;
  });
}

function fixesOf(document: vscode.TextDocument, issue: Issue): vscode.CodeAction[] {
  const { code, path, fix, remedies = [] } = issue;
  const action = (title: string, edit: vscode.WorkspaceEdit | undefined) => {
    const result = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
    if (edit) result.edit = edit;
    return result;
  };
  if (fix)
    return [action(fix.title, workspaceEditOf(document, { kind: 'setValue', path: [...fix.path], value: fix.value }))];
  if (code === 'trailing-comma') {
    const removal = new vscode.WorkspaceEdit();
    removal.delete(document.uri, rangeOf(document, issue));
    return [action(vscode.l10n.t('Remove the comma'), removal)];
  }
  if (remedies.length > 0)
    return remedies.map(remedy => action(remedy.title, workspaceEditOf(document, remedyEdit(remedy))));
  const key = path.at(-1);
  if (code !== 'unknown-key' || key === undefined) return [];
  const removal = action(
    vscode.l10n.t('Remove "{0}"', key),
    workspaceEditOf(document, { kind: 'removeValue', path: [...path] }),
  );
  return [removal];
}
