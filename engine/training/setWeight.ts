import { EngineError } from '../model/errors.ts';
import type { Network } from '../network/network.ts';
import type { WeightChange } from '../protocol/trainer.ts';

/**
 * Sets one weight of a network, or the bias of a node where no input is named.
 * Throws `invalid-weights`, with nothing changed, where the network has no such one or cannot hold the value.
 */
export function setWeight(network: Network, { layerId, output, input, value }: WeightChange): void {
  const kind = input === undefined ? 'bias' : 'weight';
  const parameter = network.parameters.find(other => other.layerId === layerId && other.kind === kind);
  if (!parameter)
    throw invalid(`The network in training has no ${kind} in a layer "${layerId}".`, 'Train it again as it is now.');
  const { rows, columns, values } = parameter.value;
  const [row, column] = input === undefined ? [0, output] : [output, input];
  if (row >= rows || column >= columns) {
    const size = kind === 'bias' ? String(columns) : `${String(rows)} × ${String(columns)}`;
    const place = kind === 'bias' ? String(column + 1) : `${String(row + 1)}, ${String(column + 1)}`;
    throw invalid(`"${layerId}.${kind}" has ${size} numbers, and none at ${place}.`, 'Choose one that it has.');
  }
  const at = row * columns + column;
  const before = values[at] ?? 0;
  values[at] = value;
  if (Number.isFinite(values[at])) return;
  values[at] = before;
  throw invalid(`${String(value)} is no number that a weight can hold.`, 'Use a smaller one.');
}

const invalid = (what: string, repair: string): EngineError => new EngineError('invalid-weights', `${what} ${repair}`);
