import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Exploration } from '../../../engine/landscape/exploration.ts';
import type { ExploreEvent, ExploreRequest } from '../../../engine/protocol/lab.ts';
import { runRecordSchema } from '../../../engine/protocol/runRecord.ts';
import { settingsOf } from '../../../webview/lab/racer.ts';
import { batchNormLayers, inline, lastPicture, source, trainerOf } from './subjects.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'mlp-studio-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const training = { training: { epochs: 40, batchSize: 8 } };

async function keptRun(name: string, change: object = {}): Promise<string> {
  const runDirectory = path.join(folder, name);
  await (await trainerOf(source({ ...training, ...change }), { runDirectory, checkpointEvery: 60 })).run();
  return runDirectory;
}

async function exploreFrom(run: string, change: Partial<ExploreRequest> = {}) {
  const events: ExploreEvent[] = [];
  const exploration = await Exploration.create({
    request: {
      source: source({ seed: 99 }),
      optimizers: [settingsOf('sgd', { learningRate: 0.1 }), settingsOf('adam', { learningRate: 0.05 })],
      run: { folder: run, title: 'That run' },
      directions: 'paths',
      epochs: 0,
      resolution: 5,
      ...change,
    },
    emit: event => void events.push(event),
    computer: inline(),
  });
  await exploration.run();
  expect(events.at(-1)).toEqual({ kind: 'end', reason: 'completed' });
  return lastPicture(events);
}

describe('an exploration around a run', () => {
  it.each(['reference', 'wasm'])(
    'on %s shows the way it has kept: first weights, checkpoints, result',
    async backend => {
      const { paths } = await exploreFrom(await keptRun(`way-${backend}`, { backend }));
      const way = paths.tracks.at(-1);
      expect(way).toMatchObject({ title: 'That run', optimizer: { type: 'sgd' }, diverged: false });
      // 48 rows in batches of 8 are 6 steps an epoch; the best checkpoint and the newest two are kept.
      expect([...(way?.epochs ?? [])]).toEqual([0, 20, 30, 40]);
      expect([...(way?.losses ?? [])]).toEqual([...(way?.losses ?? [])].sort((a, b) => b - a));
      expect(paths.tracks.slice(0, -1).map(({ epochs }) => epochs.length)).toEqual([0, 0]);
      expect(paths.note).toBe('Between the 4 weights that the run has kept its way is drawn straight.');
    },
  );

  it('has its result in the middle of random directions, batch norm and all', async () => {
    const run = await keptRun('middle', { layers: batchNormLayers });
    const { paths, grid } = await exploreFrom(run, { directions: 'random' });
    const way = paths.tracks.at(-1)!;
    expect([...way.positions.slice(-2)]).toEqual([0, 0]);
    expect(grid.heights[12]).toBe(way.losses.at(-1));
    const { metrics } = runRecordSchema.parse(JSON.parse(readFileSync(path.join(run, 'run.json'), 'utf8')));
    expect(way.losses.at(-1)).toBeCloseTo(metrics?.train?.loss ?? NaN, 6);
  });

  it('lets the optimizers train on from its weights', async () => {
    const run = await keptRun('further');
    const { paths } = await exploreFrom(run, { epochs: 3 });
    const [sgd, adam, way] = paths.tracks;
    expect(sgd?.losses[0]).toBe(way?.losses.at(-1));
    expect(adam?.losses[0]).toBe(way?.losses.at(-1));
    expect(sgd?.losses.at(-1)).toBeLessThan(sgd?.losses[0] ?? NaN);
  });

  it('does not show first weights that it did not begin with', async () => {
    const first = await keptRun('first');
    const runDirectory = path.join(folder, 'second');
    const initFile = path.join(first, 'final.safetensors');
    const second = await trainerOf(source(training), { runDirectory, initFile, checkpointEvery: 1000 });
    await second.run();
    const { paths } = await exploreFrom(runDirectory);
    const start = paths.tracks.at(-1);
    expect(start?.epochs[0]).toBe(0);
    const other = (await exploreFrom(first)).paths.tracks.at(-1);
    expect(start?.losses[0]).toBe(other?.losses.at(-1));
  });

  it('says that the data have changed since', async () => {
    const run = await keptRun('changed');
    const record = path.join(run, 'run.json');
    writeFileSync(record, readFileSync(record, 'utf8').replace(/"dataSha256": "./, '"dataSha256": "z'));
    expect((await exploreFrom(run)).paths.note).toMatch(/ The data have changed since\.$/);
  });

  it('of which nothing is left is refused with what to do', async () => {
    const run = await keptRun('empty');
    const record = path.join(run, 'run.json');
    const begun = runRecordSchema.parse(JSON.parse(readFileSync(record, 'utf8')));
    writeFileSync(record, JSON.stringify({ ...begun, step: undefined, seed: 7 }));
    for (const name of readdirSync(run)) if (name.startsWith('checkpoint-')) rmSync(path.join(run, name));
    await expect(exploreFrom(run)).rejects.toMatchObject({
      code: 'invalid-weights',
      message: expect.stringContaining('Choose another') as string,
    });
  });
});
