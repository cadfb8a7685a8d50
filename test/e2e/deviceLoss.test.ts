import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseModel } from '../../engine/model/parse.ts';
import { DeviceLink } from '../../engine/protocol/deviceLink.ts';
import type { TrainingEvent } from '../../engine/protocol/events.ts';
import type { Probe } from '../../engine/training/probe.ts';
import { Trainer } from '../../engine/training/trainer.ts';
import { openPage, scriptOf, softwareDevices } from './support/browserPage.ts';
import { pack, unpack } from './support/parcels.ts';
import type { Relay } from './support/relayPage.ts';

/** The process itself finds nothing: what trains is the browser. */
vi.mock('../../engine/training/probe.ts', () => ({
  probe: (): Promise<Probe> => Promise.resolve({ reports: [], passed: [] }),
}));

const text = JSON.stringify({
  version: 1,
  data: { source: { kind: 'generator', name: 'moons', samples: 60 }, split: { validation: 0.2 } },
  layers: [
    { id: 'hidden', type: 'dense', units: 6, activation: 'tanh' },
    { id: 'output', type: 'dense', units: 1, activation: 'sigmoid' },
  ],
  loss: 'binaryCrossEntropy',
  optimizer: { type: 'adam', learningRate: 0.01 },
  training: { epochs: 80, batchSize: 12 },
  backend: 'gpu',
});

describe.each([
  { mode: 'webgl2', way: 'WebGL 2 of a view' },
  { mode: 'webgpu', way: 'WebGPU of a view' },
] as const)('a training in the worker of a view, by $mode', ({ mode, way }) => {
  let browser: Browser;
  let page: Page;
  let link: DeviceLink;
  let receive: (message: unknown) => void = () => undefined;

  beforeAll(async () => {
    ({ browser, page } = await openPage(softwareDevices[mode]));
    await page.exposeBinding('fromWorker', (_, message: string) => receive(unpack(message)));
  });
  afterAll(() => browser.close());

  const call = (name: keyof Relay, argument = ''): Promise<void> =>
    page.evaluate(
      ([method, given]) => {
        const { relay } = globalThis as { relay?: Record<string, (value: unknown) => unknown> };
        relay?.[method ?? '']?.(given);
      },
      [name, argument],
    );

  /** A worker of its own for each test. */
  beforeEach(async () => {
    await page.reload();
    await page.addScriptTag({ content: await scriptOf('test/e2e/support/relayPage.ts') });
    await call('start', await scriptOf('test/e2e/support/lossyWorker.ts'));
    link = new DeviceLink(
      {
        post: message => void call('post', pack(message)).catch(() => undefined),
        onMessage: listener => void (receive = listener),
      },
      reason => {
        throw new Error(reason);
      },
    );
  });

  /** Trains, and loses the device when an event says so. */
  async function train(isTime: (event: TrainingEvent) => boolean) {
    const { model, issues } = parseModel(text);
    if (!model) throw new Error(issues[0]?.message);
    const events: TrainingEvent[] = [];
    const losing: Promise<void>[] = [];
    const trainer = await Trainer.create({
      source: { model, file: 'model.mlp.json', text },
      elsewhere: link,
      wantsGradients: () => false,
      emit: event => {
        events.push(event);
        if (isTime(event)) losing.push(call('lose'));
      },
    });
    const end = await trainer.run();
    await Promise.all(losing);
    const [start] = events;
    if (start?.event !== 'start') throw new Error('A run begins with its start.');
    expect(start.device).toContain(way);
    return {
      end,
      losses: events.flatMap(event => (event.event === 'metrics' ? [event.trainLoss] : [])),
      lost: events.filter(event => event.event === 'warning' && !event.message.startsWith('A GPU was asked for')),
    };
  }
  const atEpoch = (epoch: number) => (event: TrainingEvent) => event.event === 'metrics' && event.epoch === epoch;

  it('goes on with its device opened anew when that is lost, to the numbers of an unbroken training', async () => {
    const unbroken = await train(() => false);
    expect(unbroken.lost).toEqual([]);
    const broken = await train(atEpoch(5));
    expect(broken.lost).toEqual([
      expect.objectContaining({
        message: expect.stringMatching(/gave up: .*opened again.*goes on from step \d+/) as string,
      }),
    ]);
    expect(broken.end.reason).toBe('completed');
    expect(broken.losses).toEqual(unbroken.losses);
  });

  it('goes on on the CPU when the device is lost again, and names what computes now', async () => {
    const unbroken = await train(() => false);
    let reopened = false;
    const broken = await train(event => {
      reopened ||= event.event === 'warning' && event.message.includes('opened again');
      // What was opened again may not have computed yet: it is lost at the end of an epoch.
      return atEpoch(5)(event) || (reopened && event.event === 'metrics');
    });
    expect(broken.lost).toEqual([
      expect.objectContaining({ message: expect.stringContaining('opened again') as string }),
      expect.objectContaining({
        message: expect.stringMatching(/gave up: .*from step \d+ on the CPU/) as string,
        computes: expect.objectContaining({ backend: 'wasm' }) as object,
      }),
    ]);
    expect(broken.end.reason).toBe('completed');
    expect(broken.losses).toHaveLength(81);
    broken.losses.forEach((loss, i) => expect(loss).toBeCloseTo(unbroken.losses[i] ?? NaN, 4));
  });
});
