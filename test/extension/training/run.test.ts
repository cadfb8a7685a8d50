import * as vscode from 'vscode';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { RunState } from '../../../engine/protocol/views.ts';
import { Run } from '../../../extension/training/run.ts';
import { TrainingProcess } from '../../../extension/training/trainingProcess.ts';
import { modelText } from '../../engine/model/modelText.ts';
import { buildEntry } from '../../support/buildEntry.ts';

vi.mock('vscode', () => import('../../support/vscode.ts'));

let entry: string;
beforeAll(async () => {
  entry = await buildEntry('test/support/reluctantTrainer.ts');
});
const log = { info: () => undefined, warn: () => undefined };

describe('a run whose process is slow to obey', () => {
  const runs: Run[] = [];
  afterEach(() => {
    for (const run of runs.splice(0)) run.dispose();
  });

  const begin = async () => {
    const run = new Run(
      vscode.Uri.file('/models/slow.mlp.json'),
      listener => new TrainingProcess(entry, listener, log),
    );
    runs.push(run);
    const states: RunState[] = [];
    const crashes: string[] = [];
    run.onDidChangeState(state => states.push(state));
    run.onDidCrash(message => crashes.push(message));
    await run.start({ source: { path: '/models/slow.mlp.json', text: modelText } }, modelText);
    await vi.waitFor(() => expect(run.state).toBe('running'));
    return { run, states, crashes };
  };

  it('is stopped though its process says yes and goes on', async () => {
    const { run, states, crashes } = await begin();
    await run.stop();
    expect(run.state).toBe('idle');
    expect(run.status.end).toMatchObject({ reason: 'stopped' });
    expect(states).toEqual(['starting', 'running', 'stopping', 'idle']);
    expect(crashes).toEqual([]);
  });

  it('stays stopping when the answer to an earlier Pause comes late', async () => {
    const { run, states, crashes } = await begin();
    const paused = run.pause();
    await Promise.all([run.stop(), paused]);
    expect(states).toEqual(['starting', 'running', 'stopping', 'idle']);
    expect(run.status.end).toMatchObject({ reason: 'stopped' });
    expect(crashes).toEqual([]);
  });

  it('is over for everybody who waits for its end, though Stop is pressed twice', async () => {
    const { run, states } = await begin();
    await Promise.all([run.stop(), run.stop()]);
    expect(states).toEqual(['starting', 'running', 'stopping', 'idle']);
  });

  it('passes over a Pause that its end has overtaken', async () => {
    const { run, crashes } = await begin();
    const paused = run.pause();
    run.dispose();
    await expect(paused).resolves.toBeUndefined();
    expect(crashes).toEqual([]);
  });
});
