import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { referenceBackend } from '../../engine/backends/reference/reference.ts';
import { loadData } from '../../engine/data/load.ts';
import { parseModel } from '../../engine/model/parse.ts';
import { TrainingSession } from '../../engine/training/session.ts';
import { openPage, scriptOf, softwareDevices } from './support/browserPage.ts';
import type { Driver, Task } from './support/trainingPage.ts';

/** A training on the reference, and the same one as a device is told of it. */
async function task(units: number, batchSize: number, count: number): Promise<{ task: Task; losses: number[] }> {
  const text = JSON.stringify({
    version: 1,
    data: { source: { kind: 'generator', name: 'moons', samples: 60 }, split: { validation: 0.2 } },
    layers: [
      { id: 'hidden', type: 'dense', units, activation: 'tanh' },
      { id: 'output', type: 'dense', units: 1, activation: 'sigmoid' },
    ],
    loss: 'binaryCrossEntropy',
    optimizer: { type: 'adam', learningRate: 0.01 },
    training: { batchSize, sampling: 'sequential' },
  });
  const { model, issues } = parseModel(text);
  if (!model) throw new Error(issues[0]?.message);
  const source = { model, file: 'drawn.mlp.json', text };
  const data = await loadData(source);
  const session = new TrainingSession(source, data, referenceBackend);
  const { tensors, dropout } = session.save();
  const steps = Array.from({ length: count }, () => session.draw());
  const matrix = ({ rows, columns, values }: typeof data.features) => ({ rows, columns, values: [...values] });
  return {
    task: {
      ...{ text, features: matrix(data.features), targets: matrix(data.targets) },
      ...{ capacity: session.network.capacity, largestBatch: session.plan.largest },
      tensors: [...tensors].map(([name, { shape, values }]) => ({ name, shape, values: [...values] })),
      dropout: dropout.generator,
      steps: steps.map(({ rows, ...step }) => ({ ...step, rows: [...rows] })),
    },
    losses: steps.map(step => session.redo(step).loss),
  };
}

describe.each([
  { mode: 'webgl2', rung: 'WebGL 2 of a view' },
  { mode: 'webgpu', rung: 'WebGPU of a view' },
] as const)('the worker of a view, by $mode', ({ mode, rung }) => {
  let browser: Browser;
  let page: Page;

  /** Calls the driver in the page. */
  const call = <K extends keyof Driver>(
    name: K,
    ...args: Parameters<Driver[K]>
  ): Promise<Awaited<ReturnType<Driver[K]>>> =>
    page.evaluate(
      ([method, given]) => {
        const { driver } = globalThis as { driver?: Record<string, (...all: unknown[]) => unknown> };
        return driver?.[method]?.(...given) as Awaited<ReturnType<Driver[K]>>;
      },
      [name, args] as [string, unknown[]],
    );

  beforeAll(async () => {
    ({ browser, page } = await openPage(softwareDevices[mode]));
    await page.addScriptTag({ content: await scriptOf('test/e2e/support/trainingPage.ts') });
    await call('start', await scriptOf('test/e2e/support/countedWorker.ts'));
  });
  afterAll(() => browser.close());

  it('finds its device, tests it, and calls it software', async () => {
    const report = (await call('find')).find(found => found.rung === rung);
    expect(report).toMatchObject({ passed: true, kind: 'software' });
    expect(report?.device).toMatch(/swiftshader/i);
  });

  it('trains networks of other shapes one after the other as the reference does', async () => {
    for (const [units, batchSize] of [
      [9, 7],
      [2, 20],
      [31, 48],
    ] as const) {
      const { task: given, losses } = await task(units, batchSize, 9);
      await call('prepare', rung, given);
      const computed = await call('run', given, 1);
      computed.forEach((loss, i) => expect(loss).toBeCloseTo(losses[i] ?? NaN, 5));
      expect(computed).toHaveLength(9);
    }
  });

  it('keeps what lives on the device flat over 5,000 steps', async () => {
    const { task: given } = await task(3, 16, 10);
    await call('prepare', rung, given);
    await call('run', given, 10);
    await call('save');
    const early = await call('live');
    await call('run', given, 490);
    await call('save');
    const late = await call('live');
    expect(early.textures + early.buffers).toBeGreaterThan(0);
    expect(late).toEqual(early);
  });
});
