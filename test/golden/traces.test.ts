import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSafetensors, type TensorFile } from '../../engine/export/safetensors.ts';
import { parseModel } from '../../engine/model/parse.ts';
import { Trainer } from '../../engine/training/trainer.ts';
import { buildEntry } from '../support/buildEntry.ts';
import { openedDawn } from '../support/dawn.ts';

interface GoldenCase {
  readonly title: string;
  readonly problem: string;
  readonly optimizer: { readonly type: string; readonly form: string };
  readonly batchSize: number | 'full';
  /** Penalties of every layer. */
  readonly penalty?: { readonly l1: number; readonly l2: number } | null;
  readonly gradientClip?: object | null;
  /** How far PyTorch's own float32 is from its float64. */
  readonly float32Distance: number;
}

const golden = (file: string) => path.join(import.meta.dirname, file);
const cases = JSON.parse(readFileSync(golden('cases.json'), 'utf8')) as GoldenCase[];
const traces = readSafetensors(golden('traces.safetensors'));
const tolerance = 1e-9;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'mlp-studio-golden-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const modelFile = (problem: string) => golden(`problems/${problem}.mlp.json`);
const initFile = (problem: string) => golden(`problems/${problem}.safetensors`);

/** The expected row of one step: loss, weights after, gradients. */
function expectedRow({ title }: GoldenCase, step: number): Float64Array {
  const tensor = traces.tensors.get(title);
  if (!tensor) throw new Error(`There is no trace "${title}".`);
  const [, width = 0] = tensor.shape;
  return Float64Array.from(tensor.values.subarray((step - 1) * width, step * width));
}

/** The same row out of what a run has written: layer by layer, weight before bias. */
function writtenRow({ tensors, metadata }: TensorFile): Float64Array {
  const names = [...tensors.keys()].filter(name => !name.endsWith('.grad'));
  const values = [...names, ...names.map(name => `${name}.grad`)].flatMap(name => [
    ...(tensors.get(name)?.values ?? []),
  ]);
  return Float64Array.from([Number(metadata['loss']), ...values]);
}

/** Largest difference of any step, relative where the numbers are large. */
function largestDifference(golden: GoldenCase, directory: string): number {
  const files = readdirSync(directory).sort();
  expect(files).toHaveLength(5);
  let largest = 0;
  files.forEach((file, i) => {
    const expected = expectedRow(golden, i + 1);
    const written = writtenRow(readSafetensors(path.join(directory, file)));
    expect(written.length).toBe(expected.length);
    expected.forEach((value, j) => {
      const difference = Math.abs(value - (written[j] ?? NaN)) / Math.max(1, Math.abs(value));
      largest = Number.isNaN(difference) ? Infinity : Math.max(largest, difference);
    });
  });
  return largest;
}

/** Five steps of a case on a backend, written into a new folder. */
async function traced(
  { problem, optimizer, batchSize, penalty, gradientClip }: GoldenCase,
  backend: string,
): Promise<string> {
  const file = modelFile(problem);
  const json = JSON.parse(readFileSync(file, 'utf8')) as { training: object; layers: object[] };
  const text = JSON.stringify({
    ...json,
    layers: json.layers.map(layer => ({ ...layer, ...penalty })),
    optimizer,
    training: { ...json.training, batchSize, ...(gradientClip && { gradientClip }) },
    backend,
  });
  const { model, issues } = parseModel(text);
  expect(issues).toEqual([]);
  if (!model) throw new Error('The model of the case is wrong.');
  const directory = mkdtempSync(path.join(folder, 'trace-'));
  const trainer = await Trainer.create({
    source: { model, file, text },
    emit: () => undefined,
    wantsGradients: () => false,
    steps: 5,
    initFile: initFile(problem),
    traceDirectory: directory,
  });
  await trainer.run();
  return directory;
}

describe('every step equals PyTorch in float64: loss, weights and gradients', () => {
  it.each(cases)('$title', async golden => {
    expect(largestDifference(golden, await traced(golden, 'reference'))).toBeLessThan(tolerance);
  });
});

describe('in float32 every step is as near to that as ten times PyTorch’s own float32', () => {
  it.each(cases)('$title', async golden => {
    expect(largestDifference(golden, await traced(golden, 'wasm'))).toBeLessThan(10 * golden.float32Distance);
  });
});

const { device, missing } = await openedDawn();
device?.close();

/** An ε of 10⁻³ tells the forms of an optimizer apart also where numbers have seven digits; some optimizers have none. */
const withoutEpsilon = ['sgd', 'momentum', 'lion'];
const onGpu = cases.filter(
  ({ title, optimizer }) => title.endsWith('epsilon') || withoutEpsilon.includes(optimizer.type),
);

describe.skipIf(!device)(`through gpu.js every step is within 10⁻⁴ of PyTorch’s float64${missing}`, () => {
  it.each(onGpu)('$title', async golden => {
    expect(largestDifference(golden, await traced(golden, 'gpu'))).toBeLessThan(1e-4);
  });
});

describe('the command line', () => {
  it('writes the same traces with --backend reference, --init and --trace', async () => {
    const cli = await buildEntry('engine/cli/main.ts');
    const golden = cases.find(({ title }) => title === 'classes adam keras minibatch epsilon');
    if (!golden) throw new Error('The case is missing.');
    const directory = path.join(folder, 'by-command');
    execFileSync(process.execPath, [
      cli,
      ...['train', modelFile(golden.problem), '--backend', 'reference', '--init', initFile(golden.problem)],
      ...['--trace', directory, '--steps', '5', '--run-dir', path.join(folder, 'run')],
      ...['--set', `optimizer=${JSON.stringify(golden.optimizer)}`, '--set', `training.batchSize=${golden.batchSize}`],
    ]);
    expect(largestDifference(golden, directory)).toBeLessThan(tolerance);
  });
});
