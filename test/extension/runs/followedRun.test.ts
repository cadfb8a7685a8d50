import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { TrainingEvent } from '../../../engine/protocol/events.ts';
import type { RunRecord, RunStatus } from '../../../engine/protocol/runRecord.ts';
import { showStored } from '../../../extension/runs/followedRun.ts';
import { readRecorded } from '../../../extension/runs/recordedEvents.ts';
import type { StoredRun } from '../../../extension/runs/storedRuns.ts';
import { Run } from '../../../extension/training/run.ts';
import { metricsEvent, startEvent } from '../../support/events.ts';

vi.mock('vscode', () => import('../../support/vscode.ts'));

const record: RunRecord = {
  ...{ name: 'Test', modelPath: '/models/test.mlp.json', model: '{}', modelSha256: '', dataSha256: '', seed: 1 },
  ...{ backend: 'reference', backendReason: '', versions: { mlpStudio: '0.1.0', node: '24' } },
  ...{ started: '2026-01-01T00:00:00.000Z', status: 'running' },
};

describe('a run that another process does', () => {
  let folder: string;
  let file: string;
  let status: RunStatus;
  let run: Run;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'mlp-studio-followed-'));
    file = path.join(folder, 'metrics.jsonl');
    status = 'running';
    run = new Run(vscode.Uri.file(record.modelPath), () => {
      throw new Error('Nothing is started.');
    });
    const events = { ...startEvent, runDirectory: folder };
    writeFileSync(file, '');
    say(events, metricsEvent(0));
    return () => rmSync(folder, { recursive: true, force: true });
  });
  afterEach(() => run.dispose());

  const say = (...events: TrainingEvent[]) =>
    appendFileSync(file, events.map(event => `${JSON.stringify(event)}\n`).join(''));
  const stored = (): StoredRun => ({ folder: vscode.Uri.file(folder), record, status });
  const files = {
    read: () => Promise.resolve(stored()),
    recorded: async () => ({ ...(await readRecorded(file)), goesOn: status === 'running' }),
  };
  const epochs = () => run.events.flatMap(event => (event.event === 'metrics' ? event.epoch : []));

  it('is followed in this one to its end, and can be neither stopped nor resumed here', async () => {
    await showStored(run, stored(), files);
    expect(epochs()).toEqual([0]);
    expect([run.isBusy, run.isResumable]).toEqual([false, false]);
    say(metricsEvent(1), metricsEvent(2));
    await vi.waitFor(() => expect(epochs()).toEqual([0, 1, 2]), 5000);
    status = 'stopped';
    say(metricsEvent(3), { event: 'end', reason: 'stopped', step: 12, epoch: 3, metrics: {} });
    await vi.waitFor(() => expect(run.isResumable).toBe(true), 5000);
    expect(epochs()).toEqual([0, 1, 2, 3]);
    expect(run.status.end?.reason).toBe('stopped');
  });

  it('can go on here once its process is gone', async () => {
    await showStored(run, stored(), files);
    status = 'interrupted';
    await vi.waitFor(() => expect(run.isResumable).toBe(true), 5000);
    expect(run.events.at(-1)).toMatchObject({ event: 'warning', code: 'owner-gone' });
  });

  it('is shown anew when its file was cut at a checkpoint', async () => {
    say(metricsEvent(1), metricsEvent(2));
    await showStored(run, stored(), files);
    expect(epochs()).toEqual([0, 1, 2]);
    writeFileSync(file, '');
    say({ ...startEvent, runDirectory: folder }, metricsEvent(0));
    await vi.waitFor(() => expect(epochs()).toEqual([0]), 5000);
    say(metricsEvent(1));
    await vi.waitFor(() => expect(epochs()).toEqual([0, 1]), 5000);
  });

  it('says nothing more once something else is shown', () => {
    const first = run.showRecorded({ events: [startEvent], gradients: [], end: 0, goesOn: true });
    run.showRecorded({ events: [startEvent], gradients: [], end: 0 });
    expect(first && run.hearMore(first, [metricsEvent(1)], { goesOn: true })).toBe(false);
    expect(epochs()).toEqual([]);
  });
});
