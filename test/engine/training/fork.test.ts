import { cpSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TrainingEvent } from '../../../engine/protocol/events.ts';
import { readForkPoint } from '../../../engine/training/fork.ts';
import { readRunRecord } from '../../../engine/training/runFolder.ts';
import type { TrainerOptions } from '../../../engine/training/trainerOptions.ts';
import { KeptRuns, model, remains, resume } from './keptRuns.ts';

let runs: KeptRuns;
beforeAll(() => {
  runs = new KeptRuns();
});
afterAll(() => runs.dispose());
const inFolder = (name: string) => runs.in(name);
const trainer = (text: string, options: Partial<TrainerOptions>) => runs.trainer(text, options);

describe('a fork', () => {
  const text = model({}, { earlyStopping: undefined, schedule: undefined });
  const lower = JSON.stringify({
    ...(JSON.parse(text) as object),
    optimizer: { type: 'nadam', learningRate: 0.01, form: 'pytorch' },
  });

  it('with nothing changed ends bit for bit as the run it comes from', async () => {
    await (await trainer(text, { runDirectory: inFolder('trunk'), checkpointEvery: 7, steps: 20 })).run();
    const fork = readForkPoint(inFolder('trunk'), 14);
    await (await trainer(text, { runDirectory: inFolder('branch'), fork, steps: 20 })).run();
    expect(remains(inFolder('branch'))).toEqual(remains(inFolder('trunk')));
  });

  it('has the same past and, with a knob changed, another future', async () => {
    const fork = readForkPoint(inFolder('trunk'), 14);
    const runDirectory = inFolder('lower');
    await (await trainer(lower, { runDirectory, fork, steps: 20 })).run();
    const [trunk, branch] = [remains(inFolder('trunk')).events, remains(runDirectory).events];
    expect(branch.slice(0, 4)).toEqual(trunk.slice(0, 4));
    expect(branch.at(-1)).not.toEqual(trunk.at(-1));
    expect(branch.at(-2)).toMatchObject({ learningRate: 0.01, step: 20 });
    expect(readRunRecord(runDirectory).forkedFrom).toEqual({ folder: inFolder('trunk'), step: 14 });
  });

  it('may take another optimizer, which begins without a memory', async () => {
    const sgd = JSON.stringify({ ...(JSON.parse(text) as object), optimizer: { type: 'sgd', learningRate: 0.1 } });
    const fork = readForkPoint(inFolder('trunk'));
    const end = await (await trainer(sgd, { runDirectory: inFolder('other'), fork, steps: 24 })).run();
    expect(end).toMatchObject({ reason: 'completed', step: 24 });
  });

  it.each([
    ['ended', {}],
    ['stopped early', { epochs: 60, earlyStopping: { patience: 2 } }],
  ])(
    'of a run that has %s takes its weights, one of them set by hand, and as many epochs again',
    async (how, given) => {
      const ended = model({}, { earlyStopping: undefined, ...given });
      const { epochs } = { epochs: 5, ...given };
      const [before, after] = [inFolder(`${how} before`), inFolder(`${how} after`)];
      const trained = await trainer(ended, { runDirectory: before });
      await trained.run();
      const last = trained.networkSampler.sample();
      const events: TrainingEvent[] = [];
      const change = { layerId: 'hidden1', output: 1, input: 0, value: 2.5 };
      const going = await trainer(ended, {
        ...{ runDirectory: after, fork: readForkPoint(before), weights: [change] },
        emit: event => events.push(event),
      });
      going.pause();
      const over = going.run();
      await new Promise(resolve => setTimeout(resolve, 50));
      expect(going.step).toBe(trained.step);
      const own = going.networkSampler.sample();
      expect(own?.layers.map(({ weights }) => weights)).toEqual(
        last?.layers.map(({ weights, name }) => (name === 'hidden1' ? weights.with(2, 2.5) : weights)),
      );
      expect(events.find(({ event }) => event === 'weight')).toEqual({
        event: 'weight',
        step: trained.step,
        ...change,
      });
      // What a resume needs to know of is on disk before anything else happens.
      const killed = inFolder(`${how} killed`);
      cpSync(after, killed, { recursive: true });
      going.resume();
      const end = await over;
      expect(end.step).toBeGreaterThan(trained.step);
      if (how === 'ended') expect(end.epoch).toBe(2 * epochs);
      await resume(killed);
      expect(remains(killed).final).toBe(remains(after).final);
      expect(remains(before).final).not.toBe(remains(after).final);
    },
  );

  it('needs a checkpoint and the same layers', async () => {
    expect(() => readForkPoint(inFolder('trunk'), 3)).toThrow('It has those of the steps 14, 20');
    const wider = text.replaceAll('"units":5', '"units":6');
    const fork = readForkPoint(inFolder('trunk'));
    await expect(trainer(wider, { runDirectory: inFolder('wider'), fork })).rejects.toThrow('belongs to another model');
  });
});
