import { besideModel } from '../data/besideModel.ts';
import { classOf } from '../data/dataset.ts';
import { loadData, type LoadedData } from '../data/load.ts';
import { readFirstRows } from '../data/tableHead.ts';
import type { ModelInFile } from '../model/modelInFile.ts';
import type { DataDescription, InputStatistics } from '../protocol/trainer.ts';

/** Points of the preview; enough to recognize a shape, few enough to draw at once. */
const previewPoints = 400;
/** Inputs whose statistics are given. */
const describedInputs = 64;
/** Rows and columns of a table that are given as they stand in the file. */
const shownRows = 8;
const shownColumns = 12;

/** Reads the data of a model and says what they hold. Throws `file-not-readable` or `invalid-data`. */
export async function describeData(given: ModelInFile): Promise<DataDescription> {
  const data = await loadData(given);
  const { split, features, targets, featureNames, targetNames, classes, encoding, missing } = data;
  const points = data.derived?.points ?? features;
  const every = Math.max(1, Math.ceil(split.train.length / previewPoints));
  const preview = [...split.train]
    .filter((_, i) => i % every === 0)
    .map(row => ({
      x: points.values[row * points.columns] ?? 0,
      y:
        points.columns > 1
          ? (points.values[row * points.columns + 1] ?? 0)
          : (targets.values[row * targets.columns] ?? 0),
      value: classes.length > 0 ? classOf(targets, row) : (targets.values[row * targets.columns] ?? 0),
    }));
  return {
    rows: { train: split.train.length, validation: split.validation.length, test: split.test.length },
    droppedRows: missing.droppedRows,
    filledCells: missing.filledCells,
    columns: encoding?.columns ?? [],
    features: featureNames,
    targets: targetNames,
    classes,
    balance: balanceOf(data),
    inputs: features.columns,
    outputs: targets.columns,
    preview,
    statistics: featureNames.slice(0, describedInputs).map((name, column) => statisticsOf(data, name, column)),
    firstRows: firstRowsOf(given),
  };
}

/** Rows of each class. */
function balanceOf({ classes, targets }: LoadedData): number[] {
  const counts = classes.map(() => 0);
  if (classes.length > 0) for (let row = 0; row < targets.rows; row++) counts[classOf(targets, row)]! += 1;
  return counts;
}

/** The training rows of one input, with the normalization x ← (x − shift) / scale taken back. */
function statisticsOf({ features, split, scaling }: LoadedData, name: string, column: number): InputStatistics {
  let minimum = Infinity;
  let maximum = -Infinity;
  let sum = 0;
  for (const row of split.train) {
    const value = (features.values[row * features.columns + column] ?? 0) * (scaling.scale[column] ?? 1);
    const original = value + (scaling.shift[column] ?? 0);
    minimum = Math.min(minimum, original);
    maximum = Math.max(maximum, original);
    sum += original;
  }
  return { name, minimum, mean: sum / split.train.length, maximum };
}

function firstRowsOf(given: ModelInFile): string[][] {
  const { source } = given.model.data;
  if (source.kind !== 'csv') return [];
  return readFirstRows(besideModel(given, source.path), source, { rows: shownRows, columns: shownColumns });
}
