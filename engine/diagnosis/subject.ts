import { referenceBackend } from '../backends/reference/reference.ts';
import type { Matrix } from '../backends/backend.ts';
import { loadData, type LoadedData } from '../data/load.ts';
import { Random } from '../data/random.ts';
import { readSafetensors } from '../export/safetensors.ts';
import type { ModelInFile } from '../model/modelInFile.ts';
import { Network } from '../network/network.ts';
import { assertFits } from '../training/fits.ts';
import { setWeights } from '../training/weights.ts';

/** Multiplications that one pass over the rows may cost. */
const passBudget = 5e7;
const maximumRows = 256;
const minimumRows = 16;

/** A network at the weights a training starts from, and training rows to try it on. */
export interface Subject {
  readonly given: ModelInFile;
  readonly data: LoadedData;
  readonly network: Network;
  readonly parameterCount: number;
  readonly input: Matrix;
  readonly targets: Matrix;
}

/**
 * Builds the network on the reference backend with some training rows, spread evenly because files are often sorted.
 * Rejects with what loading the data throws, `shape-mismatch`, `memory-limit` or `invalid-weights`.
 */
export async function openSubject(given: ModelInFile, initFile?: string): Promise<Subject> {
  const { model } = given;
  const data = await loadData(given);
  assertFits(given, data);
  const probe = new Network(referenceBackend, model, data.features.columns, 1);
  const parameterCount = probe.parameters.reduce((sum, { value }) => sum + value.rows * value.columns, 0);
  const affordable = Math.max(minimumRows, Math.floor(passBudget / (3 * parameterCount)));
  const rows = evenly(data.split.train, Math.min(maximumRows, affordable));
  const network = new Network(referenceBackend, model, data.features.columns, rows.length);
  network.initialize(new Random(model.seed, 'initializer'));
  if (initFile) setWeights(network, readSafetensors(initFile).tensors, initFile);
  const input = referenceBackend.allocate(rows.length, data.features.columns);
  const targets = referenceBackend.allocate(rows.length, data.targets.columns);
  referenceBackend.gather(data.features, rows, input);
  referenceBackend.gather(data.targets, rows, targets);
  return { given, data, network, parameterCount, input, targets };
}

/** At most `count` of the rows, at equal distances. */
function evenly(rows: Int32Array, count: number): Int32Array {
  if (rows.length <= count) return rows;
  return Int32Array.from({ length: count }, (_, i) => rows[Math.floor((i * rows.length) / count)] ?? 0);
}
