import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { encodeSafetensors, type Tensor } from '../../../engine/export/safetensors.ts';
import { applyTextEdits, textEdits } from '../../../engine/model/edits.ts';
import type { Remedy } from '../../../engine/model/issues.ts';
import { remedyEdit } from '../../../engine/model/remedyEdit.ts';
import type { EndEvent } from '../../../engine/protocol/events.ts';
import { requireModel } from '../../../engine/training/readModelFile.ts';
import { Trainer } from '../../../engine/training/trainer.ts';

/** A model file's text: two moons and a small network, unless told otherwise. */
export const modelOf = (change: Readonly<Record<string, unknown>>): string =>
  JSON.stringify(
    {
      version: 1,
      name: 'Patient',
      seed: 7,
      data: { source: { kind: 'generator', name: 'moons', samples: 200, noise: 0.1 }, split: { validation: 0.25 } },
      layers: [hidden('hidden1', 8, 'tanh'), output],
      loss: 'binaryCrossEntropy',
      optimizer: { type: 'adam', learningRate: 0.01 },
      backend: 'reference',
      training: { epochs: 200, batchSize: 16 },
      ...change,
    },
    undefined,
    2,
  );

export const hidden = (
  id: string,
  units: number,
  activation: string,
  more: Readonly<Record<string, unknown>> = {},
) => ({
  id,
  type: 'dense',
  units,
  activation,
  ...more,
});
export const output = hidden('output', 1, 'sigmoid');

/** So many hidden layers of one kind, and the output. */
export const deep = (
  count: number,
  units: number,
  activation: string,
  more: Readonly<Record<string, unknown>> = {},
) => [...Array.from({ length: count }, (_, i) => hidden(`hidden${String(i + 1)}`, units, activation, more)), output];

/** A folder for data and weights, removed by `remove`. */
export function clinic() {
  const folder = mkdtempSync(path.join(tmpdir(), 'mlp-studio-diagnosis-'));
  const write = (name: string, content: string | Uint8Array): string => {
    const file = path.join(folder, name);
    writeFileSync(file, content);
    return file;
  };
  return {
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
    write,
    open: (text: string) => requireModel(text, path.join(folder, 'patient.mlp.json')),
    weights: (name: string, tensors: Readonly<Record<string, Tensor>>) =>
      write(name, encodeSafetensors(new Map(Object.entries(tensors)), {})),
    /** Trains a text to its end. */
    train: async (text: string, initFile?: string): Promise<EndEvent> => {
      const source = requireModel(text, path.join(folder, 'patient.mlp.json'));
      const trainer = await Trainer.create({ source, initFile, emit: () => undefined, wantsGradients: () => false });
      return trainer.run();
    },
  };
}

/** The text after a remedy, as its button makes it. */
export const treated = (text: string, remedy: Remedy | undefined): string => {
  if (!remedy) throw new Error('There is no remedy.');
  return applyTextEdits(text, textEdits(text, remedyEdit(remedy)));
};

/** A table with a header, from rows of cells. */
export const csv = (header: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  [header, ...rows].map(cells => cells.join()).join('\n') + '\n';
