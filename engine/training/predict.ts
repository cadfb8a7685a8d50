import { chooseBackend } from '../backends/choose.ts';
import { firstRows } from '../backends/backend.ts';
import { readCsv, type TableHeader } from '../data/csv.ts';
import { columnIndex, encodeColumns, encodedWidth, type ColumnEncoding } from '../data/encode.ts';
import { loadData, type LoadedData } from '../data/load.ts';
import { fillMissing } from '../data/missing.ts';
import { applyScaling } from '../data/normalize.ts';
import { deriveFeatures } from '../data/plane.ts';
import { readSafetensors } from '../export/safetensors.ts';
import type { ModelInFile } from '../model/modelInFile.ts';
import { coordinates } from '../model/planeFeatures.ts';
import { Network } from '../network/network.ts';
import type { EndEvent } from '../protocol/events.ts';
import { TrainingSession } from './session.ts';
import { assertFits } from './fits.ts';
import { setWeights } from './weights.ts';

const rowsAtOnce = 512;

/** Loss and quality of trained weights on every split. */
export async function evaluateWeights(given: ModelInFile, weightsFile: string): Promise<EndEvent['metrics']> {
  const data = await loadData(given);
  assertFits(given, data);
  const { backend } = chooseBackend(given.model.backend);
  try {
    const session = new TrainingSession(given, data, backend);
    setWeights(session.network, readSafetensors(weightsFile).tensors, weightsFile);
    return session.evaluateSplits();
  } finally {
    backend.close();
  }
}

/** What the network says about each row of a table: one object a row. */
export interface Prediction {
  /** The predicted class; classification only. */
  readonly class?: string;
  /** Probability of each class, or each predicted number, by name. */
  readonly outputs: Readonly<Record<string, number>>;
}

/** Predicts the rows of a CSV file, whose columns are found by name and encoded as in training. Features of a plane are computed of its columns x1 and x2. */
export async function predictCsv(given: ModelInFile, weightsFile: string, csvFile: string): Promise<Prediction[]> {
  const { model } = given;
  const data = await loadData(given);
  assertFits(given, data);
  const { source } = model.data;
  const table = await readCsv(csvFile, {
    ...(source.kind === 'csv' ? source : { header: true }),
    choose: header => encodingFor(data, header).map(({ index }) => index),
  });
  const encodings = encodingFor(data, table);
  // Every row needs an answer, so none is dropped: what cannot be filled in is an error.
  const { fill } = data.missing;
  const read = encodeColumns(
    table,
    encodings,
    fill ? undefined : 'Fill it in: every row needs its values to be predicted',
  );
  if (fill) fillMissing(read, encodings.map(encodedWidth), fill);
  const features = data.derived ? deriveFeatures(read, data.derived.names) : read;
  applyScaling(features, data.scaling);

  // One batch after the other, each operation at once: there are no tapes to share.
  const { backend } = chooseBackend(model.backend, 1);
  const network = new Network(backend, model, features.columns, rowsAtOnce);
  setWeights(network, readSafetensors(weightsFile).tensors, weightsFile);
  const input = backend.allocate(rowsAtOnce, features.columns);
  const predictions: Prediction[] = [];
  for (let start = 0; start < features.rows; start += rowsAtOnce) {
    const rows = Int32Array.from({ length: Math.min(rowsAtOnce, features.rows - start) }, (_, i) => start + i);
    backend.gather(features, rows, input);
    const output = network.forward(firstRows(input, rows.length));
    for (let row = 0; row < rows.length; row++)
      predictions.push(
        predictionOf(data, Array.from(output.values.subarray(row * output.columns, (row + 1) * output.columns))),
      );
  }
  return predictions;
}

/** The training table's columns, or the coordinates that features are computed of, found again in another table; its order may differ. */
const encodingFor = ({ encoding, derived, featureNames }: LoadedData, header: TableHeader): ColumnEncoding[] => {
  const numbers = derived ? coordinates : featureNames;
  return (encoding?.features ?? numbers.map(name => ({ kind: 'number' as const, name }))).map(column => ({
    ...column,
    index: columnIndex(header, column.name, 'feature'),
  }));
};

function predictionOf({ classes, targetNames }: LoadedData, row: readonly number[]): Prediction {
  const outputs = Object.fromEntries(targetNames.map((name, i) => [name, row[i] ?? 0]));
  if (classes.length === 0) return { outputs };
  const [single = 0] = row;
  const index =
    row.length === 1 ? Number(single > 0.5) : row.reduce((best, value, i) => (value > (row[best] ?? 0) ? i : best), 0);
  return { class: classes[index] ?? '', outputs };
}
