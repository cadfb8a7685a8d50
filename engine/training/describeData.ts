import { classOf } from '../data/dataset.ts';
import { loadData } from '../data/load.ts';
import type { ModelInFile } from '../model/modelInFile.ts';
import type { DataDescription } from '../protocol/trainer.ts';

/** Points of the preview; enough to recognize a shape, few enough to draw at once. */
const previewPoints = 400;

/** Reads the data of a model and says what they hold. Throws `file-not-readable` or `invalid-data`. */
export async function describeData(given: ModelInFile): Promise<DataDescription> {
  const { split, features, targets, featureNames, targetNames, classes, encoding, missing } = await loadData(given);
  const every = Math.max(1, Math.ceil(split.train.length / previewPoints));
  const preview = [...split.train]
    .filter((_, i) => i % every === 0)
    .map(row => ({
      x: features.values[row * features.columns] ?? 0,
      y:
        features.columns > 1
          ? (features.values[row * features.columns + 1] ?? 0)
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
    inputs: features.columns,
    outputs: targets.columns,
    preview,
  };
}
