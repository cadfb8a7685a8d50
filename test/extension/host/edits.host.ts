import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { ModelEdit } from '../../../engine/model/edits.ts';
import { fitToTable } from '../../../engine/model/fitData.ts';
import { parseModel } from '../../../engine/model/parse.ts';
import { applyModelEdit, editsApplied } from '../../../extension/models/applyModelEdit.ts';
import { bytesOf, model, until, writeAndOpen } from './support.ts';

const layers = [
  { id: 'a', type: 'dense', units: 4 },
  { id: 'r', type: 'residual', layers: [{ id: 'b', type: 'dense', units: 4 }] },
  { id: 'output', type: 'dense', units: 1, activation: 'sigmoid' },
];
const start = model({ layers })
  .replace('"version": 1,', '"version": 1, // the first\n  "mine": [1,  2],')
  .replaceAll('\n', '\r\n');

/** One of each kind of gesture. */
const gestures: readonly ModelEdit[] = [
  { kind: 'setValue', path: ['layers', 0, 'units'], value: 9 },
  { kind: 'setValue', path: ['training', 'epochs'], value: 5 },
  { kind: 'addLayers', at: { block: [1], index: 1 }, layers: [{ id: 'n', type: 'layerNorm' }] },
  { kind: 'moveLayers', layers: [[0]], to: { block: [1], index: 0 } },
  {
    kind: 'moveLayers',
    layers: [
      [0, 1],
      [0, 2],
    ],
    to: { block: [], index: 0 },
  },
  { kind: 'removeLayers', layers: [[1], [2]] },
  { kind: 'removeValue', path: ['loss'] },
];

describe('gestures on a document', () => {
  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('are one undo step each, and all undone give the very bytes back', async () => {
    const document = await writeAndOpen('gestures.mlp.json', start);
    await vscode.window.showTextDocument(document);
    const texts: string[] = [];
    for (const gesture of gestures) {
      texts.push(document.getText());
      await applyModelEdit(document, gesture);
      assert.notEqual(document.getText(), texts.at(-1), JSON.stringify(gesture));
    }
    for (const text of texts.reverse()) {
      await vscode.commands.executeCommand('undo');
      assert.equal(document.getText(), text);
    }
    await document.save();
    assert.equal(await bytesOf(document.uri), start);
  });

  it('are in the text for whoever waits for them, however many were made at once', async () => {
    const document = await writeAndOpen('waited.mlp.json', start);
    const made = [7, 8].map(value => applyModelEdit(document, { kind: 'setValue', path: ['seed'], value }));
    await editsApplied(document);
    assert.equal(parseModel(document.getText()).draft?.seed, 8);
    await Promise.all(made);
  });

  it('that change several values are one undo step too', async () => {
    const document = await writeAndOpen('fitted.mlp.json', start);
    await vscode.window.showTextDocument(document);
    const { draft } = parseModel(document.getText());
    assert.ok(draft);
    const target = { name: 'kind', kind: 'category' as const, distinct: 3, whole: false };
    await applyModelEdit(document, fitToTable(draft, 'data/pets.csv', target));
    assert.match(document.getText(), /"loss": "crossEntropy"/);
    assert.match(document.getText(), /"path": "data\/pets\.csv"/);
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), start);
  });
});

describe('the text of a model', () => {
  it('has lenses that train and open the designer', async () => {
    const document = await writeAndOpen('lenses.mlp.json', model());
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      document.uri,
    );
    const commands = lenses.map(({ command }) => command?.command);
    assert.deepEqual(commands, ['mlpStudio.train', 'mlpStudio.openInDesigner']);
  });

  it('offers to take a trailing comma away', async () => {
    const text = model().replace('"binaryCrossEntropy"\n', '"binaryCrossEntropy",\n');
    const document = await writeAndOpen('comma.mlp.json', text);
    await until('the comma is reported', () =>
      vscode.languages.getDiagnostics(document.uri).find(({ code }) => code === 'trailing-comma'),
    );
    const offset = text.lastIndexOf(',');
    const fixes = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      new vscode.Range(document.positionAt(offset), document.positionAt(offset + 1)),
      vscode.CodeActionKind.QuickFix.value,
    );
    const fix = fixes.find(({ title }) => title === 'Remove the comma');
    assert.ok(fix?.edit);
    await vscode.workspace.applyEdit(fix.edit);
    assert.equal(document.getText(), model());
  });
});
