import { dataSha256 } from './describeRun.ts';
import type { TrainerOptions } from './trainerOptions.ts';
import type { LoadedData } from '../data/load.ts';
import { checkWidths } from '../model/check.ts';
import { EngineError } from '../model/errors.ts';
import { placeIn, type ModelInFile } from '../model/modelInFile.ts';
import { assertAffordable, layerShapes, trainingBytes } from '../model/shapes.ts';

/** Refuses a model whose widths do not fit the data, or that would need too much memory. Throws `shape-mismatch` or `memory-limit`. */
export function assertFits(given: ModelInFile, data: LoadedData): void {
  const { model } = given;
  const [finding] = checkWidths(model, { inputs: data.features.columns, outputs: data.targets.columns });
  if (finding) throw new EngineError('shape-mismatch', finding.message, placeIn(given, finding.path));
  const { batchSize } = model.training;
  const { features, targets } = data;
  // The backend keeps the data once more, in float32.
  const dataBytes = 4 * features.rows * (features.columns + targets.columns);
  const rows = batchSize === 'full' ? data.split.train.length : batchSize;
  const bytes = trainingBytes(layerShapes(model.layers, features.columns), rows) + dataBytes;
  assertAffordable(bytes, placeIn(given, ['layers']));
}

/** Throws `data-changed` where a run goes on with other data than it has learned from, unless that was accepted. */
export function assertSameData(
  { resume, acceptChangedData }: Pick<TrainerOptions, 'resume' | 'acceptChangedData'>,
  data: LoadedData,
): void {
  if (!resume || acceptChangedData || dataSha256(data) === resume.record.dataSha256) return;
  throw new EngineError(
    'data-changed',
    'The data are not those that this run has learned from. Restore them, start a new run, or accept the change with --accept-changed-data.',
    { file: resume.source.file },
  );
}
