import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSafetensors } from '../../engine/export/safetensors.ts';
import { requireModel } from '../../engine/training/readModelFile.ts';
import { Trainer } from '../../engine/training/trainer.ts';
import { openedDawn } from '../support/dawn.ts';

const layers = path.join(import.meta.dirname, 'layers');
const models = readdirSync(layers).filter(name => name.endsWith('.mlp.json'));
const { tensors: traces } = readSafetensors(path.join(layers, 'traces.safetensors'));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'mlp-studio-golden-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const difference = (expected: ArrayLike<number>, actual: ArrayLike<number>): number =>
  Array.from(expected).reduce((most, value, i) => {
    const distance = Math.abs(value - (actual[i] ?? NaN)) / Math.max(1, Math.abs(value));
    return Number.isNaN(distance) ? Infinity : Math.max(most, distance);
  }, 0);

/** Trains a model of `layers` and compares all that it says and learns with PyTorch in float64. */
async function compare(name: string, tolerance: number, backend?: string): Promise<void> {
  const file = path.join(layers, name);
  const text = readFileSync(file, 'utf8');
  const source = requireModel(backend ? JSON.stringify({ ...(JSON.parse(text) as object), backend }) : text, file);
  expect(source.warnings).toEqual([]);
  const traceDirectory = mkdtempSync(path.join(folder, 'trace-'));
  const validation: number[] = [];
  const trainer = await Trainer.create({
    source,
    emit: event => {
      if (event.event === 'metrics' && event.step > 0) validation.push(event.validationLoss ?? NaN);
    },
    wantsGradients: () => false,
    initFile: file.replace('.mlp.json', '.safetensors'),
    traceDirectory,
  });
  await trainer.run();

  const title = source.model.name;
  const steps = readdirSync(traceDirectory).sort();
  expect(steps).toHaveLength(8);
  steps.forEach((step, i) => {
    const { tensors, metadata } = readSafetensors(path.join(traceDirectory, step));
    const prefix = `${title}/${String(i + 1)}/`;
    const expected = [...traces].filter(([key]) => key.startsWith(prefix));
    expect(expected).toHaveLength(tensors.size + 2);
    for (const [key, { values }] of expected) {
      const part = key.slice(prefix.length);
      const actual = tensors.get(part)?.values ?? [Number(metadata[part])];
      expect(difference(values, actual), key).toBeLessThan(tolerance);
    }
  });
  expect(difference(traces.get(`${title}/validation`)?.values ?? [], validation)).toBeLessThan(tolerance);
}

describe('layers, schedules, penalties and clips: every step equals PyTorch in float64', () => {
  it.each(models)('%s', name => compare(name, 1e-9));
});

const { device, missing } = await openedDawn();
device?.close();

describe.skipIf(!device)(`through gpu.js they are within 10⁻⁴ of it${missing}`, () => {
  it.each(models)('%s', name => compare(name, 1e-4, 'gpu'));
});
