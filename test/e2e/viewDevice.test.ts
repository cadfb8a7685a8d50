import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ensureCodeServer, installExtension } from '../../scripts/lib/codeServer.ts';
import { vsixFile } from '../../scripts/lib/paths.mjs';
import { softwareDevices } from './support/browserPage.ts';
import { trainOnCommandLine } from './support/commandLine.ts';
import { Workbench } from './support/workbench.ts';

const modelText = (backend: string, epochs: number) =>
  JSON.stringify({
    version: 1,
    data: { source: { kind: 'generator', name: 'moons', samples: 60 }, split: { validation: 0.2 } },
    layers: [
      { id: 'hidden1', type: 'dense', units: 8, activation: 'tanh' },
      { id: 'output', type: 'dense', units: 1, activation: 'sigmoid' },
    ],
    loss: 'binaryCrossEntropy',
    optimizer: { type: 'adam', learningRate: 0.01 },
    training: { epochs, batchSize: 16 },
    backend,
  });

/** The universal package has no WebGPU for Node: the process finds nothing, and the browser behind the editor is what is left. */
describe('a training that asks for a GPU, where only the browser behind the editor has a device', () => {
  let workbench: Workbench;
  let extensions: string;
  let training: Frame;

  beforeAll(async () => {
    ensureCodeServer();
    extensions = mkdtempSync(path.join(tmpdir(), 'mlp-studio-extensions-'));
    installExtension(vsixFile, extensions);
    workbench = await Workbench.open({
      ...{ extensions, fromSource: false, browserArguments: softwareDevices.webgl2 },
      files: {
        'asks.mlp.json': modelText('gpu', 20),
        'cpu.mlp.json': modelText('wasm', 20),
        'long.mlp.json': modelText('gpu', 1_000_000),
      },
    });
  });
  afterAll(async () => {
    await workbench.close();
    rmSync(extensions, { recursive: true, force: true });
  });
  beforeEach(() => workbench.watch());

  const figure = async (testId: string) => Number(await training.getByTestId(testId).getAttribute('data-value'));
  const tab = () => workbench.page.locator('.tab', { hasText: 'GPU of This Window' });

  it('trains in the worker of a tab, which is called software, to the numbers of the CPU', async () => {
    await workbench.openFromExplorer('asks.mlp.json');
    await workbench.runCommand('MLP Studio: Train');
    // The tab covers the panel for a moment, and the panel that comes back is a new page.
    const reason = async () => {
      training = await workbench.view('training');
      const badge = training.getByTestId('end-reason');
      return badge.getAttribute('data-value', { timeout: 2000 }).catch(() => undefined);
    };
    await expect.poll(reason, { timeout: 90_000 }).toBe('completed');
    expect(await training.locator('.backend').getAttribute('title')).toMatch(
      /^CPU, no GPU but the software device .*SwiftShader.*gpu\.js over WebGL 2 of a view: asked for$/,
    );
    const last = trainOnCommandLine(path.join(workbench.folder, 'cpu.mlp.json')).findLast(
      event => event.event === 'metrics',
    );
    expect(await figure('train-loss')).toBeCloseTo(last?.trainLoss ?? NaN, 4);
    expect(await figure('validation-loss')).toBeCloseTo(last?.validationLoss ?? NaN, 4);
    // It goes with the training.
    await expect.poll(() => tab().count()).toBe(0);
  });

  it('is listed with what was tried and what the last training took, and no tab is opened for that again', async () => {
    await workbench.runCommand('MLP Studio: Show Devices');
    const list = workbench.page.locator('.quick-input-widget');
    await list.getByText('Tried').waitFor();
    expect(await tab().count()).toBe(0);
    const text = await list.innerText();
    expect(text).toMatch(/Not a GPU\s+WebGL 2 of a view: software device on the processor, no GPU: .*SwiftShader/);
    expect(text).toMatch(/There is no WebGPU in this package/);
    expect(text).toMatch(/WebGPU of a view\s+This browser has/);
    await workbench.page.keyboard.press('End');
    await list.getByText('Last training').waitFor();
    await list.getByText(/gpu\.js over WebGL 2 of a view: asked for/).waitFor();
    await workbench.screenshot('devices of the browser');
    await workbench.page.keyboard.press('Escape');
  });

  it('goes on on the CPU when the tab is closed, and says so', async () => {
    await workbench.openFromExplorer('long.mlp.json');
    await workbench.runCommand('MLP Studio: Train');
    await tab().waitFor();
    // A browser may take its time to make the tab's page, and its device to compile; the panel is a new page then.
    const epochs = async () => {
      training = await workbench.view('training');
      return figure('epoch').catch(() => 0);
    };
    await expect.poll(epochs, { timeout: 80_000 }).toBeGreaterThan(2);
    // It computes behind the panel of its training, beside the model.
    const seen = () => workbench.page.locator('.tab.active').allInnerTexts();
    expect((await seen()).map(text => text.replaceAll(/\s/g, ''))).toEqual(['long.mlp.json', 'Traininglong']);
    await tab().click();
    const device = await workbench.view('device');
    expect(await device.getByTestId('guest').innerText()).toContain('long');
    expect(await device.getByTestId('guest-device').innerText()).toMatch(/software device on the processor, no GPU/);
    await workbench.screenshot('the tab that computes');
    await tab().getByRole('button', { name: /Close/ }).click();
    training = await workbench.view('training');
    const alarm = training.getByTestId('alarm');
    await alarm.getByText(/“GPU of This Window”, which computed, was closed\..*on the CPU/).waitFor();
    const epoch = await figure('epoch');
    await expect.poll(() => figure('epoch')).toBeGreaterThan(epoch);
    await workbench.screenshot('on the CPU after its device was closed');
  });
});
