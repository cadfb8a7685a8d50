import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseModel } from '../../engine/model/parse.ts';
import type { Model } from '../../engine/model/schema.ts';
import type { ExperimentRecord } from '../../engine/protocol/experiment.ts';
import type { RunRecord } from '../../engine/protocol/runRecord.ts';
import type { ExperimentSetup } from '../../engine/protocol/experimentViews.ts';
import {
  newExperimentFolder,
  readRecord,
  readTallies,
  savedExperiments,
  writeRecord,
} from '../../extension/experiments/experimentFiles.ts';
import { Lanes, type Job } from '../../extension/experiments/lanes.ts';
import { firstSetup, followModel, planOf, setupOf } from '../../extension/experiments/setups.ts';
import { TrainingProcess, type ProcessStarter } from '../../extension/training/trainingProcess.ts';
import { buildEntry } from '../support/buildEntry.ts';
import { metricsEvent, startEvent } from '../support/events.ts';
import { changed, modelText } from '../engine/model/modelText.ts';

function parsed(text = modelText): Model {
  const { model } = parseModel(text);
  if (!model) throw new Error('The text is no model.');
  return model;
}

describe('a setup', () => {
  it('proposes who takes part, and runs them with their own rates on three seeds', () => {
    const plan = planOf(firstSetup('comparison', parsed()), parsed(), modelText);
    expect(plan.variants.map(({ name }) => name)).toEqual([
      'gradientDescent',
      'stochastic',
      'minibatch',
      'momentum',
      'adagrad',
      'rmsprop',
      'adam',
    ]);
    expect(plan.seeds).toEqual([42, 43, 44]);
  });

  it('gives everybody one rate where it is shared', () => {
    const setup = firstSetup('comparison', parsed());
    if (setup.kind !== 'comparison') throw new Error('Not a comparison.');
    const { variants } = planOf({ ...setup, rates: 'shared', sharedRate: 0.3 }, parsed(), modelText);
    for (const { settings } of variants) expect(JSON.stringify(settings)).toContain('0.3');
  });

  it('follows the model: a rate that was the model’s own still is, one that was typed stays', () => {
    const setup = firstSetup('comparison', parsed());
    if (setup.kind !== 'comparison') throw new Error('Not a comparison.');
    const typed = {
      ...setup,
      contestants: setup.contestants.map(entry =>
        entry.name === 'momentum' ? { ...entry, learningRate: 0.7 } : entry,
      ),
    };
    const now = parsed(changed('"learningRate": 0.01', '"learningRate": 0.05'));
    const followed = followModel(typed, parsed(), now);
    if (followed.kind !== 'comparison') throw new Error('Not a comparison.');
    const rateOf = (name: string) => followed.contestants.find(entry => entry.name === name)?.learningRate;
    expect([rateOf('adam'), rateOf('momentum'), rateOf('rmsprop')]).toEqual([0.05, 0.7, 0.001]);
  });

  it('comes back from a kept experiment', () => {
    const setup = firstSetup('comparison', parsed());
    if (setup.kind !== 'comparison') throw new Error('Not a comparison.');
    const chosen = {
      ...setup,
      seeds: 2,
      contestants: setup.contestants.map(entry => ({ ...entry, checked: entry.name === 'lion', learningRate: 0.004 })),
    };
    const again = setupOf(planOf(chosen, parsed(), modelText), parsed());
    if (again.kind !== 'comparison') throw new Error('Not a comparison.');
    expect(again.seeds).toBe(2);
    expect(again.contestants.filter(({ checked }) => checked)).toEqual([
      { name: 'lion', checked: true, learningRate: 0.004 },
    ]);
    const sweep = setupOf(
      planOf(
        { kind: 'sweep', axes: [{ path: 'layers[0].units', values: 'int:2..4:3' }], seeds: 1 },
        parsed(),
        modelText,
      ),
      parsed(),
    );
    expect(sweep).toMatchObject({ axes: [{ path: 'layers[0].units', values: '2, 3, 4' }] });
  });

  const wrong: [ExperimentSetup, string][] = [
    [{ kind: 'sweep', axes: [], seeds: 1 }, 'Nothing varies. Add a field.'],
    [{ kind: 'sweep', axes: [{ path: 'layers[0].units', values: '0' }], seeds: 1 }, '"layers[0].units" must be'],
    [{ kind: 'sweep', axes: [{ path: 'layers[0].nodes', values: '3' }], seeds: 1 }, 'The key "nodes" is unknown here'],
    [{ kind: 'comparison', contestants: [], rates: 'own', sharedRate: 1, seeds: 1 }, 'Nobody takes part.'],
  ];
  it.each(wrong)('%j runs nothing', (setup, message) => {
    expect(() => planOf(setup, parsed(), modelText)).toThrow(message);
  });
});

describe('the files of experiments', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'mlp-studio-kept-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const model = path.join(folder, 'moons.mlp.json');
  const record: ExperimentRecord = {
    ...planOf({ kind: 'sweep', axes: [{ path: 'layers[0].units', values: '2,3' }], seeds: 1 }, parsed(), modelText),
    started: '2026-01-01T00:00:00.000Z',
    status: 'running',
    results: [],
  };

  it('are found again, the latest first; a damaged record and another kind are passed over', async () => {
    const first = newExperimentFolder(model, 'Moons', 'sweep');
    await writeRecord(first, record);
    await new Promise(resolve => setTimeout(resolve, 5));
    const second = newExperimentFolder(model, 'Moons', 'sweep');
    await writeRecord(second, { ...record, status: 'completed' });
    mkdirSync(path.join(path.dirname(second), '2999-sweep'));
    writeFileSync(path.join(path.dirname(second), '2999-sweep/sweep.json'), '{ "kind": "sweep"');
    expect((await savedExperiments(model, 'Moons', 'sweep')).map(saved => saved.folder)).toEqual([second, first]);
    expect(await savedExperiments(model, 'Moons', 'comparison')).toEqual([]);
    expect(await savedExperiments(model, 'Other', 'sweep')).toEqual([]);
    expect(readdirSync(second)).toEqual(['sweep.json']);
  });

  it('that do not name their model are of the one that their runs name, or, before any has begun, their folder', async () => {
    const kept = newExperimentFolder(model, 'Moons', 'sweep');
    await writeRecord(kept, { ...record, status: 'completed' });
    expect((await readRecord(kept, 'sweep'))?.modelPath).toBe(path.join(folder, 'Moons.mlp.json'));
    writeFileSync(model, modelText);
    expect((await readRecord(kept, 'sweep'))?.modelPath).toBe(model);
    rmSync(model);
    const run = path.join(kept, 'run-002-42');
    mkdirSync(run, { recursive: true });
    const begun: RunRecord = {
      ...{ name: 'Moons', modelPath: model, model: modelText, modelSha256: '', dataSha256: '', seed: 42 },
      ...{ backend: 'reference', backendReason: '', versions: { mlpStudio: '0.1.0', node: '24' } },
      ...{ started: record.started, status: 'completed' },
    };
    writeFileSync(path.join(run, 'run.json'), JSON.stringify(begun));
    expect((await readRecord(kept, 'sweep'))?.modelPath).toBe(model);
    rmSync(kept, { recursive: true });
  });

  it('tell the curves of each run, also of one that was cut off in the middle of a line', async () => {
    const kept = newExperimentFolder(model, 'Moons', 'sweep');
    const run = path.join(kept, 'run-001-42');
    mkdirSync(run, { recursive: true });
    const lines = [startEvent, metricsEvent(0), metricsEvent(1)].map(event => JSON.stringify(event));
    writeFileSync(path.join(run, 'metrics.jsonl'), `${lines.join('\n')}\n{"event":"metr`);
    const [first, second] = await readTallies(kept, record);
    expect(first?.points.map(({ epoch }) => epoch)).toEqual([0, 1]);
    expect(first?.result).toBeUndefined();
    expect(second?.points).toEqual([]);
  });

  it('tell of a run whose process died, which its own file cannot', async () => {
    const kept = newExperimentFolder(model, 'Moons', 'sweep');
    const results = [{ variant: 1, seed: 42, reason: 'failed' as const, message: 'It was killed.', seconds: 0 }];
    const [first, second] = await readTallies(kept, { ...record, results });
    expect(first?.result).toBeUndefined();
    expect(second?.result).toMatchObject({ reason: 'failed', message: 'It was killed.' });
  });

  const gone = spawnSync(process.execPath, ['--version']).pid;
  const old = new Date(Date.now() - 60_000);
  const owners: [string, { readonly pid: number; readonly host: string } | undefined, Date, string][] = [
    ['runs while its owner lives', { pid: process.pid, host: hostname() }, old, 'running'],
    ['is interrupted when its owner is gone', { pid: gone, host: hostname() }, new Date(), 'interrupted'],
    ['is interrupted when nobody owns it', undefined, new Date(), 'interrupted'],
    ['runs while another machine gives signs', { pid: gone, host: 'elsewhere' }, new Date(), 'running'],
    ['is interrupted when another machine is silent', { pid: 1, host: 'elsewhere' }, old, 'interrupted'],
  ];
  it.each(owners)('an experiment %s', async (_, owner, written, status) => {
    const kept = newExperimentFolder(model, 'Moons', 'sweep');
    await writeRecord(kept, { ...record, owner });
    utimesSync(path.join(kept, 'sweep.json'), written, written);
    expect((await readRecord(kept, 'sweep'))?.status).toBe(status);
  });

  it('a run of another machine keeps its experiment alive with its heartbeat', async () => {
    const kept = newExperimentFolder(model, 'Moons', 'sweep');
    await writeRecord(kept, { ...record, owner: { pid: 1, host: 'elsewhere' } });
    utimesSync(path.join(kept, 'sweep.json'), old, old);
    mkdirSync(path.join(kept, 'run-001-42'));
    writeFileSync(path.join(kept, 'run-001-42/owner.lock'), '{}');
    expect((await readRecord(kept, 'sweep'))?.status).toBe('running');
  });
});

describe('lanes', () => {
  let entry: string;
  const started: TrainingProcess[] = [];
  const pids: number[] = [];
  beforeAll(async () => {
    entry = await buildEntry('engine/process/main.ts');
  });
  afterAll(() => rmSync(path.dirname(entry), { recursive: true, force: true }));
  const start: ProcessStarter = listener => {
    const training = new TrainingProcess(entry, listener, {
      info: text => pids.push(Number(/process (\d+) started/.exec(text)?.[1])),
      warn: () => undefined,
    });
    started.push(training);
    return training;
  };

  /** A job that notes how it ends, and what it says meanwhile. */
  function job(text: string, ends: string[], onEvents: () => void = () => undefined): Job {
    return {
      launch: trainer => trainer.start({ source: { path: '/nowhere/moons.mlp.json', text } }),
      receive: events => {
        onEvents();
        for (const event of events) if (event.event === 'end') ends.push(event.reason);
      },
      fail: message => ends.push(message),
    };
  }

  it('do every training, one that cannot begin and one whose process dies costing only themselves', async () => {
    const ends: string[] = [];
    const endless = changed('"epochs": 10', '"epochs": 1000000');
    const kill = () => {
      for (const process of started) process.kill();
    };
    const jobs = [modelText, changed('"units": 1,', '"units": 0,'), modelText].map(text => job(text, ends));
    await new Lanes(start, [job(endless, ends, kill)]).run();
    expect(ends).toEqual(['The training process stopped unexpectedly (signal SIGKILL).']);
    ends.length = 0;
    await new Lanes(start, jobs).run();
    expect(ends.sort()).toEqual([expect.stringContaining('moons.mlp.json:'), 'completed', 'completed']);
    await Promise.all(started.map(({ ended }) => ended));
  });

  it('tell which training does not respond, and when it does again', async () => {
    const ends: string[] = [];
    const signs: boolean[] = [];
    pids.length = 0;
    const held = changed('"epochs": 10', '"epochs": 1000000');
    const lanes: Lanes = new Lanes(start, [
      {
        ...job(held, ends, () => {
          if (signs.length === 0) process.kill(pids[0] ?? 0, 'SIGSTOP');
        }),
        responsive: value => {
          signs.push(value);
          process.kill(pids[0] ?? 0, 'SIGCONT');
          if (value) lanes.stop();
        },
      },
    ]);
    await lanes.run();
    expect(signs).toEqual([false, true]);
    expect(ends).toEqual(['stopped']);
    await Promise.all(started.map(({ ended }) => ended));
  });

  it('end every running training when they are stopped, begin no other, and leave no process', async () => {
    const ends: string[] = [];
    const endless = changed('"epochs": 10', '"epochs": 1000000');
    const lanes: Lanes = new Lanes(
      start,
      Array.from({ length: 100 }, () => job(endless, ends, () => lanes.stop())),
    );
    await lanes.run();
    expect(ends.length).toBeLessThan(100);
    expect(new Set(ends)).toEqual(new Set(['stopped']));
    await Promise.all(started.map(({ ended }) => ended));
  });
});
