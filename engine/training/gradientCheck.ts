import { referenceBackend } from '../backends/reference/reference.ts';
import { firstRows } from '../backends/backend.ts';
import { loadData } from '../data/load.ts';
import { Random } from '../data/random.ts';
import type { ModelInFile } from '../model/modelInFile.ts';
import { Network } from '../network/network.ts';
import { tensorName } from '../network/parameter.ts';
import { readSafetensors } from '../export/safetensors.ts';
import { assertFits } from './fits.ts';
import { setWeights } from './weights.ts';

/** How far the analytic gradient of one tensor is from central differences. */
export interface TensorCheck {
  readonly tensor: string;
  readonly checked: number;
  /** ‖g − ĝ‖ / (‖g‖ + ‖ĝ‖) over the checked entries; 0 when both are 0. */
  readonly relativeError: number;
}

/** Entries of a tensor that are checked at most; drawn at random from larger ones. */
const maximumEntries = 200;
const maximumRows = 64;

/**
 * Step sizes of the difference. At a kink of ReLU one step may straddle it where another does not,
 * so each entry takes the step that agrees best; a wrong gradient agrees with none.
 */
const stepSizes = [1e-5, 1e-6, 1e-4];

/**
 * Compares backpropagation with central differences, in float64 on the first training rows.
 *
 *     ĝ_i = (L(w + h e_i) − L(w − h e_i)) / 2h
 *
 * Throws what loading the data throws.
 */
export async function checkGradients(given: ModelInFile, initFile?: string): Promise<TensorCheck[]> {
  const { model } = given;
  const data = await loadData(given);
  assertFits(given, data);
  const rows = data.split.train.subarray(0, maximumRows);
  const network = new Network(referenceBackend, model, data.features.columns, rows.length);
  network.initialize(new Random(model.seed, 'initializer'));
  if (initFile) setWeights(network, readSafetensors(initFile).tensors, initFile);
  const input = referenceBackend.allocate(rows.length, data.features.columns);
  const targets = referenceBackend.allocate(rows.length, data.targets.columns);
  referenceBackend.gather(data.features, rows, input);
  referenceBackend.gather(data.targets, rows, targets);
  const batch = firstRows(input, rows.length);

  const random = new Random(model.seed, 'gradientCheck');
  // One draw for all: what dropout forgets must not change between two losses.
  network.drawMasks(new Random(model.seed, 'dropout'), rows.length);
  network.lossAndGradients(batch, targets);
  return network.parameters.map(parameter => {
    const { values } = parameter.value;
    const analytic = parameter.gradient.values.slice();
    const lossAt = (i: number, weight: number): number => {
      const kept = values[i] ?? 0;
      values[i] = weight;
      const total = network.evaluate(batch, targets, 'train').loss + network.penalty;
      values[i] = kept;
      return total;
    };
    let difference = 0;
    let size = 0;
    let numericSize = 0;
    const entries = entriesOf(values.length, random);
    for (const i of entries) {
      const g = analytic[i] ?? 0;
      const weight = values[i] ?? 0;
      const numeric = stepSizes
        .map(h => (lossAt(i, weight + h) - lossAt(i, weight - h)) / (weight + h - (weight - h)))
        .reduce((best, candidate) => (Math.abs(candidate - g) < Math.abs(best - g) ? candidate : best));
      difference += (numeric - g) ** 2;
      size += g * g;
      numericSize += numeric * numeric;
    }
    const scale = Math.sqrt(size) + Math.sqrt(numericSize);
    return {
      tensor: tensorName(parameter),
      checked: entries.length,
      relativeError: scale > 0 ? Math.sqrt(difference) / scale : 0,
    };
  });
}

function entriesOf(length: number, random: Random): Int32Array {
  const all = Int32Array.from({ length }, (_, i) => i);
  if (length > maximumEntries) random.shuffle(all);
  return all.subarray(0, maximumEntries);
}
