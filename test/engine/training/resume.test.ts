import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TrainerOptions } from '../../../engine/training/trainerOptions.ts';
import { buildEntry } from '../../support/buildEntry.ts';
import { KeptRuns, model, remains, resume } from './keptRuns.ts';

let runs: KeptRuns;
let cli: string;
beforeAll(async () => {
  runs = new KeptRuns();
  cli = await buildEntry('engine/cli/main.ts');
});
afterAll(() => runs.dispose());

const inFolder = (name: string) => runs.in(name);
const trainer = (text: string, options: Partial<TrainerOptions> = {}) => runs.trainer(text, options);
const samplings = ['shuffle', 'sequential', 'replacement'] as const;

describe('a run that goes on', () => {
  it.each(samplings)('ends bit for bit as the unbroken one, from whatever step it stopped at: %s', async sampling => {
    const text = model({}, { sampling });
    const whole = inFolder(`whole-${sampling}`);
    await (await trainer(text, { runDirectory: whole })).run();
    const expected = remains(whole);
    for (let step = 1; step < 20; step++) {
      const runDirectory = inFolder(`${sampling}-${String(step)}`);
      await (await trainer(text, { runDirectory, checkpointEvery: step, steps: step })).run();
      const record = JSON.parse(readFileSync(path.join(runDirectory, 'run.json'), 'utf8')) as { steps?: number };
      delete record.steps;
      writeFileSync(path.join(runDirectory, 'run.json'), JSON.stringify(record));
      await resume(runDirectory);
      expect(remains(runDirectory), `stopped at step ${String(step)}`).toEqual(expected);
    }
  });

  it('keeps a learning rate that was changed while it ran', async () => {
    const text = model({}, { earlyStopping: undefined, schedule: undefined });
    const change = async (runDirectory: string, stopAt: number | undefined) => {
      const made = await trainer(text, { runDirectory, steps: 20 });
      made.setHyperparameters({ learningRate: 0.003 });
      if (stopAt !== undefined) made.stop();
      await made.run();
    };
    await change(inFolder('rate-whole'), undefined);
    await change(inFolder('rate-broken'), 0);
    await resume(inFolder('rate-broken'));
    expect(remains(inFolder('rate-broken')).final).toBe(remains(inFolder('rate-whole')).final);
  });

  it.each(['stopped', 'killed'])('tells its beginning once when it is %s before the first step', async end => {
    const runDirectory = inFolder(`beginning-${end}`);
    const weights = [{ layerId: 'hidden1', output: 0, input: 0, value: 1.25 }];
    const standing = await trainer(model(), { runDirectory, weights, steps: 3 });
    standing.pause();
    const ended = standing.run();
    await new Promise(resolve => setTimeout(resolve, 50));
    const killed = inFolder('beginning-left');
    cpSync(runDirectory, killed, { recursive: true });
    standing.stop();
    await ended;
    const broken = end === 'killed' ? killed : runDirectory;
    await resume(broken);
    const told = readFileSync(path.join(broken, 'metrics.jsonl'), 'utf8').trimEnd().split('\n');
    const beginning = told
      .map(line => JSON.parse(line) as { readonly event: string; readonly step?: number })
      .filter(({ event, step = 0 }) => step === 0 && ['start', 'weight', 'metrics'].includes(event))
      .map(({ event }) => event);
    expect(beginning).toEqual(['start', 'weight', 'metrics']);
  });

  it.each(['reference', 'wasm'])('keeps a weight that was set by hand while it ran: %s', async backend => {
    const text = model({ backend }, { earlyStopping: undefined });
    const change = async (runDirectory: string, stops: boolean) => {
      const made = await trainer(text, { runDirectory, steps: 20 });
      made.pause();
      const ended = made.run();
      const layerId = 'hidden1';
      expect(await made.setWeight({ layerId, output: 0, input: 0, value: 1.25 })).toBe(2);
      if (stops) made.stop();
      else made.resume();
      await ended;
    };
    await change(inFolder(`weight-whole-${backend}`), false);
    await change(inFolder(`weight-broken-${backend}`), true);
    await resume(inFolder(`weight-broken-${backend}`));
    expect(remains(inFolder(`weight-broken-${backend}`)).final).toBe(
      remains(inFolder(`weight-whole-${backend}`)).final,
    );
    await (await trainer(text, { runDirectory: inFolder(`weight-none-${backend}`), steps: 20 })).run();
    expect(remains(inFolder(`weight-none-${backend}`)).final).not.toBe(
      remains(inFolder(`weight-whole-${backend}`)).final,
    );
  });

  it('that early stopping has ended stays ended, though it was killed before it could say so', async () => {
    const text = model(
      { optimizer: { type: 'adam', learningRate: 0.5 } },
      { epochs: 200, earlyStopping: { patience: 2 } },
    );
    const runDirectory = inFolder('ended');
    const end = await (await trainer(text, { runDirectory })).run();
    expect(end.reason).toBe('earlyStopped');
    const expected = remains(runDirectory);
    const events = await resume(runDirectory);
    expect(events.at(-1)).toMatchObject({ reason: 'earlyStopped', step: end.step });
    expect(remains(runDirectory)).toEqual(expected);
  });

  it('can go on for longer than it was meant to', async () => {
    const text = model({}, { earlyStopping: undefined });
    await (await trainer(text, { runDirectory: inFolder('short'), steps: 8 })).run();
    await resume(inFolder('short'), { steps: 20 });
    await (await trainer(text, { runDirectory: inFolder('long'), steps: 20 })).run();
    expect(remains(inFolder('short')).final).toBe(remains(inFolder('long')).final);
  });

  it('tells a listener who asks what it has recorded before', async () => {
    const text = model({}, { earlyStopping: undefined });
    await (await trainer(text, { runDirectory: inFolder('told'), steps: 8 })).run();
    const events = await resume(inFolder('told'), { steps: 12, replay: true });
    expect(events[0]).toMatchObject({ event: 'start', resumedFrom: 8 });
    expect(events.flatMap(event => (event.event === 'metrics' ? [event.epoch] : []))).toEqual([0, 1, 2, 3]);
  });

  it('refuses data that are not those it has learned from, until that is accepted', async () => {
    writeFileSync(inFolder('changing.csv'), 'x,y\n1,a\n2,b\n3,a\n4,b\n');
    const text = model({
      data: { source: { kind: 'csv', path: 'changing.csv', target: 'y' }, split: { validation: 0 } },
    });
    await (await trainer(text, { runDirectory: inFolder('changing'), steps: 2 })).run();
    writeFileSync(inFolder('changing.csv'), 'x,y\n1,a\n2,b\n3,a\n9,b\n');
    await expect(resume(inFolder('changing'), { steps: 4 })).rejects.toThrow(
      expect.objectContaining({ code: 'data-changed' }),
    );
    const events = await resume(inFolder('changing'), { steps: 4, acceptChangedData: true });
    expect(events.at(-1)).toMatchObject({ event: 'end', step: 4 });
  });

  it('is kept from a second process', async () => {
    const made = await trainer(model(), { runDirectory: inFolder('held') });
    made.pause();
    const ended = made.run();
    const second = spawnSync(process.execPath, [cli, 'train', '--resume', inFolder('held')], { encoding: 'utf8' });
    expect(second.stderr).toContain('Another process is at work in this run');
    expect(second.status).toBe(1);
    made.stop();
    await ended;
  });

  it('passes over a checkpoint that is damaged', async () => {
    const text = model({}, { earlyStopping: undefined });
    const runDirectory = inFolder('damaged');
    await (await trainer(text, { runDirectory, steps: 12, checkpointEvery: 4 })).run();
    writeFileSync(path.join(runDirectory, 'checkpoint-12.safetensors'), 'torn');
    const events = await resume(runDirectory, { steps: 20 });
    expect(events[0]).toMatchObject({ resumedFrom: 8 });
    await (await trainer(text, { runDirectory: inFolder('sound'), steps: 20 })).run();
    expect(remains(runDirectory).final).toBe(remains(inFolder('sound')).final);
  });

  it('keeps the newest two checkpoints and the best', async () => {
    const runDirectory = inFolder('kept');
    const text = model({ optimizer: { type: 'adam', learningRate: 0.3 } }, { epochs: 10, earlyStopping: undefined });
    await (await trainer(text, { runDirectory, checkpointEvery: 4 })).run();
    const kept = readdirSync(runDirectory).filter(name => name.startsWith('checkpoint-'));
    const epochs = remains(runDirectory).events as { step: number; validationLoss?: number }[];
    const best = epochs
      .filter(({ step, validationLoss }) => step > 0 && validationLoss !== undefined)
      .reduce((a, b) => ((b.validationLoss ?? 0) < (a.validationLoss ?? 0) ? b : a)).step;
    const expected = new Set([best, 36, 40].map(step => `checkpoint-${String(step)}.safetensors`));
    expect(new Set(kept)).toEqual(expected);
  });
});

describe('a run that is killed at the n-th write', () => {
  it('goes on and ends bit for bit as the unbroken one, for every n', () => {
    const text = model({}, { epochs: 2 });
    const file = inFolder('killed.mlp.json');
    writeFileSync(file, text);
    const whole = inFolder('killed-whole');
    const run = (args: readonly string[], killAt?: number) =>
      spawnSync(
        process.execPath,
        [
          ...(killAt === undefined ? [] : ['--import', path.join(import.meta.dirname, '../../support/killAtWrite.ts')]),
          cli,
          ...args,
        ],
        { encoding: 'utf8', env: { ...process.env, KILL_AT_WRITE: String(killAt ?? 0) } },
      );
    const fresh = (name: string) => ['train', file, '--run-dir', inFolder(name), '--checkpoint-every', '3'];
    expect(run(fresh('killed-whole')).status).toBe(0);
    const expected = remains(whole);
    let torn = 0;
    for (let n = 1; ; n++) {
      const name = `killed-${String(n)}`;
      if (run(fresh(name), n).signal === null) break;
      const left = readdirSync(runs.folder).includes(name) ? readdirSync(inFolder(name)) : [];
      if (left.some(entry => entry.endsWith('.tmp'))) torn++;
      // Killed before the run was on disk, there is nothing to go on with: it is simply begun.
      const again = left.includes('run.json') ? ['train', '--resume', inFolder(name)] : fresh(name);
      if (!left.includes('run.json')) rmSync(inFolder(name), { recursive: true, force: true });
      const resumed = run(again);
      expect([resumed.status, resumed.stderr], `killed at write ${String(n)}`).toEqual([0, expect.any(String)]);
      expect(remains(inFolder(name)), `killed at write ${String(n)}`).toEqual(expected);
    }
    expect(torn).toBeGreaterThan(5);
  }, 300_000);

  it('leaves a copy of its folder that goes on just as well', async () => {
    const text = model({}, { earlyStopping: undefined });
    await (await trainer(text, { runDirectory: inFolder('original'), steps: 7 })).run();
    cpSync(inFolder('original'), inFolder('copy'), { recursive: true });
    await resume(inFolder('original'), { steps: 16 });
    await resume(inFolder('copy'), { steps: 16 });
    expect(remains(inFolder('copy')).final).toBe(remains(inFolder('original')).final);
  });
});
