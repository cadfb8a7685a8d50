import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { fileInWorkspace, model, nameOf, ownDiagnostics, until, writeAndOpen } from './support.ts';

const extensionId = 'mlp-studio.mlp-studio';

interface Manifest {
  readonly contributes: { readonly commands: readonly { readonly command: string }[] };
}

const activeInput = () => vscode.window.tabGroups.activeTabGroup.activeTab?.input;
const tabs = () => vscode.window.tabGroups.all.flatMap(group => group.tabs);

describe('the extension', () => {
  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('is active in a folder with models, with every command it promises', async () => {
    const extension = vscode.extensions.getExtension<undefined>(extensionId);
    assert.ok(extension);
    await until('it is active', () => extension.isActive);
    const known = await vscode.commands.getCommands(true);
    const { contributes } = extension.packageJSON as Manifest;
    for (const { command } of contributes.commands) assert.ok(known.includes(command), command);
  });

  it('opens a model in the designer, and as text when asked', async () => {
    const uri = fileInWorkspace('xor.mlp.json');
    await vscode.commands.executeCommand('vscode.open', uri);
    const input = await until('the designer is open', () => {
      const found = activeInput();
      return found instanceof vscode.TabInputCustom && found;
    });
    assert.equal(input.viewType, 'mlpStudio.designer');
    await vscode.commands.executeCommand('mlpStudio.openAsText');
    await until('the text is open', () => vscode.window.activeTextEditor?.document.uri.path === uri.path);
    await vscode.commands.executeCommand('mlpStudio.openInDesigner');
    await until('the designer is open again', () => activeInput() instanceof vscode.TabInputCustom);
  });

  it('trains the text as it is, keeps the run, and says how it ended', async () => {
    const document = await writeAndOpen('kept.mlp.json', model({ name: 'Kept', training: { epochs: 3 } }));
    await vscode.commands.executeCommand('mlpStudio.train', document.uri);
    const runs = vscode.Uri.joinPath(fileInWorkspace('.mlp-runs'), 'Kept');
    const record = await finishedRun(runs);
    assert.equal(record.status, 'completed');
    assert.equal(record.model, document.getText());
    assert.ok(tabs().some(({ label }) => label === 'Training kept'));
  });

  it('keeps the runs of a model with it when a folder around it gets another name', async () => {
    const document = await writeAndOpen('spring/season.mlp.json', model({ name: 'Season', training: { epochs: 3 } }));
    await vscode.commands.executeCommand('mlpStudio.train', document.uri);
    await finishedRun(fileInWorkspace('spring/.mlp-runs/Season'));
    const edit = new vscode.WorkspaceEdit();
    edit.renameFile(fileInWorkspace('spring'), fileInWorkspace('autumn'));
    assert.ok(await vscode.workspace.applyEdit(edit));
    const now = fileInWorkspace('autumn/season.mlp.json').fsPath;
    const runs = fileInWorkspace('autumn/.mlp-runs/Season');
    for (let record = await finishedRun(runs); record.modelPath !== now; record = await finishedRun(runs))
      await new Promise(resolve => setTimeout(resolve, 30));
  });

  it('keeps no run when that is turned off', async () => {
    await vscode.workspace.getConfiguration('mlpStudio').update('runs.keep', false, vscode.ConfigurationTarget.Global);
    try {
      const document = await writeAndOpen('unkept.mlp.json', model({ name: 'Unkept', training: { epochs: 3 } }));
      await vscode.commands.executeCommand('mlpStudio.train', document.uri);
      await until('the panel is open', () => tabs().some(({ label }) => label === 'Training unkept'));
      const kept = await vscode.workspace.fs.readDirectory(fileInWorkspace('.mlp-runs'));
      assert.ok(!kept.some(([name]) => name === 'Unkept'));
    } finally {
      await vscode.workspace
        .getConfiguration('mlpStudio')
        .update('runs.keep', undefined, vscode.ConfigurationTarget.Global);
    }
  });

  it('reports a data file that does not exist as a problem of the run, and lives on', async () => {
    const source = { kind: 'csv', path: 'missing.csv', target: 'y' };
    const document = await writeAndOpen('missing.mlp.json', model({ name: 'Missing', data: { source } }));
    // The error message waits for an answer, so the command is not awaited.
    void vscode.commands.executeCommand('mlpStudio.train', document.uri);
    await until('the panel is open', () => tabs().some(({ label }) => label === 'Training missing'));
    assert.deepEqual(ownDiagnostics(document.uri), []);
    assert.equal(nameOf(document.uri), 'missing.mlp.json');
    assert.equal(vscode.extensions.getExtension(extensionId)?.isActive, true);
  });
});

interface RunRecord {
  readonly status: string;
  readonly model: string;
  readonly modelPath: string;
}

/** The record of the only run in a folder, once it is over. */
async function finishedRun(runs: vscode.Uri): Promise<RunRecord> {
  for (;;) {
    try {
      const [[name] = ['']] = await vscode.workspace.fs.readDirectory(runs);
      const file = vscode.Uri.joinPath(runs, name, 'run.json');
      const record = JSON.parse(new TextDecoder().decode(await vscode.workspace.fs.readFile(file))) as RunRecord;
      if (record.status !== 'running') return record;
    } catch {
      // Not there yet; mocha's limit ends a wait that is in vain.
    }
    await new Promise(resolve => setTimeout(resolve, 30));
  }
}
