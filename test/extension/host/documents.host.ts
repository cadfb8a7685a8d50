import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { bytesOf, model, ownDiagnostics, until, writeAndOpen } from './support.ts';

/** The fixes offered for the first diagnostic with this code. */
async function fixesFor(document: vscode.TextDocument, code: string): Promise<vscode.CodeAction[]> {
  const diagnostic = await until(`"${code}" is reported`, () =>
    ownDiagnostics(document.uri).find(found => found.code === code),
  );
  return vscode.commands.executeCommand<vscode.CodeAction[]>(
    'vscode.executeCodeActionProvider',
    document.uri,
    diagnostic.range,
    vscode.CodeActionKind.QuickFix.value,
  );
}

describe('a model document', () => {
  it('is JSON with comments', async () => {
    const document = await writeAndOpen('language.mlp.json', model());
    assert.equal(document.languageId, 'jsonc');
  });

  it('has its problems in the Problems view, where they stand', async () => {
    const text = model({ training: { epochs: -1 } });
    const document = await writeAndOpen('epochs.mlp.json', text);
    const diagnostic = await until('the epochs are reported', () => ownDiagnostics(document.uri)[0]);
    assert.equal(diagnostic.code, 'invalid-value');
    assert.match(diagnostic.message, /"training\.epochs" must be a whole number/);
    assert.equal(document.getText(diagnostic.range), '-1');
  });

  it('offers to remove an unknown key', async () => {
    const document = await writeAndOpen('unknown.mlp.json', model({ sede: 3 }));
    const fix = (await fixesFor(document, 'unknown-key')).find(({ title }) => title === 'Remove "sede"');
    assert.ok(fix?.edit);
    await vscode.workspace.applyEdit(fix.edit);
    assert.equal(document.getText(), model());
  });

  it('keeps its line ends and its byte-order mark when it is fixed, and its bytes when that is undone', async () => {
    const content = '\uFEFF' + model({ loss: 'crossEntropy' }).replaceAll('\n', '\r\n');
    const document = await writeAndOpen('crlf.mlp.json', content);
    await vscode.window.showTextDocument(document);
    const fix = (await fixesFor(document, 'loss-activation')).find(({ title }) => title === 'Use softmax');
    assert.ok(fix?.edit);
    await vscode.workspace.applyEdit(fix.edit);
    await document.save();
    assert.equal(await bytesOf(document.uri), content.replace('"sigmoid"', '"softmax"'));
    await vscode.commands.executeCommand('undo');
    await document.save();
    assert.equal(await bytesOf(document.uri), content);
  });

  it('is completed from the schema', async () => {
    const document = await writeAndOpen('completion.mlp.json', model().replace('"sigmoid"', '""'));
    const place = document.positionAt(document.getText().indexOf('"activation": ""') + '"activation": "'.length);
    const offered = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      place,
    );
    const labels = offered.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
    assert.ok(labels.includes('"tanh"'), labels.join(', '));
  });
});
