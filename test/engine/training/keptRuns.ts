import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseModel } from '../../../engine/model/parse.ts';
import type { TrainingEvent } from '../../../engine/protocol/events.ts';
import { readResumableRun } from '../../../engine/training/resume.ts';
import { sha256 } from '../../../engine/training/runFolder.ts';
import { Trainer } from '../../../engine/training/trainer.ts';
import type { TrainerOptions } from '../../../engine/training/trainerOptions.ts';

/** A shuffled training in which everything has a memory: dropout, batch norm, moments, schedule, early stopping. */
export const model = (change: object = {}, training: object = {}) =>
  JSON.stringify({
    version: 1,
    data: { source: { kind: 'generator', name: 'moons', samples: 50, noise: 0.2 }, split: { validation: 0.2 } },
    layers: [
      { id: 'hidden1', type: 'dense', units: 5, activation: 'tanh' },
      { id: 'norm', type: 'batchNorm' },
      { id: 'drop', type: 'dropout', rate: 0.3 },
      { id: 'block', type: 'residual', layers: [{ id: 'inner', type: 'dense', units: 5, activation: 'relu' }] },
      { id: 'output', type: 'dense', units: 1, activation: 'sigmoid' },
    ],
    loss: 'binaryCrossEntropy',
    optimizer: { type: 'nadam', learningRate: 0.1, form: 'pytorch' },
    training: {
      epochs: 5,
      batchSize: 12,
      schedule: { type: 'reduceOnPlateau', patience: 0, factor: 0.5 },
      earlyStopping: { patience: 4 },
      ...training,
    },
    ...change,
  });

/** A folder for the runs of a test. */
export class KeptRuns {
  readonly folder = mkdtempSync(path.join(os.tmpdir(), 'mlp-studio-'));

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  in = (name: string) => path.join(this.folder, name);

  trainer = async (text: string, options: Partial<TrainerOptions> = {}): Promise<Trainer> => {
    const parsed = parseModel(text);
    if (!parsed.model) throw new Error(parsed.issues[0]?.message);
    const source = { model: parsed.model, file: this.in('model.mlp.json'), text };
    return Trainer.create({ source, emit: () => undefined, wantsGradients: () => false, ...options });
  };
}

export async function resume(runDirectory: string, options: Partial<TrainerOptions> = {}): Promise<TrainingEvent[]> {
  const run = readResumableRun(runDirectory);
  const events: TrainingEvent[] = [];
  const emit = (event: TrainingEvent) => events.push(event);
  const resumed = await Trainer.create({
    source: run.source,
    resume: run,
    emit,
    wantsGradients: () => false,
    ...options,
  });
  await resumed.run();
  return events;
}

/** What a run has learned and told of it, without what a clock has said. */
export function remains(runDirectory: string) {
  const lines = readFileSync(path.join(runDirectory, 'metrics.jsonl'), 'utf8').trimEnd().split('\n');
  const record = JSON.parse(readFileSync(path.join(runDirectory, 'run.json'), 'utf8')) as Record<string, unknown>;
  return {
    final: sha256(readFileSync(path.join(runDirectory, 'final.safetensors'))),
    events: lines
      .map(line => JSON.parse(line) as object & { readonly event: string })
      .filter(({ event }) => event === 'metrics' || event === 'end')
      .map((event): object => ({ ...event, samplesPerSecond: 0 })),
    status: record['status'],
    metrics: record['metrics'],
  };
}
