import { generatorInfo } from '../model/dataFields.ts';
import { EngineError } from '../model/errors.ts';
import { placeIn, type ModelInFile } from '../model/modelInFile.ts';
import type { Model } from '../model/schema.ts';
import { targetEncoding, type TargetEncoding } from '../model/task.ts';
import { besideModel } from './besideModel.ts';
import { readCsv, type Table } from './csv.ts';
import type { Dataset, Split } from './dataset.ts';
import { encodeTable, type TableEncoding } from './encode.ts';
import { generate } from './generators.ts';
import { applyScaling, fitScaling, type ColumnScaling } from './normalize.ts';
import { splitRows } from './split.ts';

/** Data ready for a network: encoded, split and normalized. */
export interface LoadedData extends Dataset {
  readonly split: Split;
  readonly scaling: ColumnScaling;
  /** How a table's columns were read; absent for generators. */
  readonly encoding: TableEncoding | undefined;
}

type Source = Model['data']['source'];
type CsvSource = Extract<Source, { kind: 'csv' }>;

export interface LoadOptions {
  /** Hears how many bytes of a large file have been read. */
  readonly onProgress?: ((read: number, total: number) => void) | undefined;
  /** Ends the reading early; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Reads or draws the data of a model. Rejects with `file-not-readable` or `invalid-data`. */
export function loadData(given: ModelInFile, { signal }: LoadOptions = {}): Promise<LoadedData> {
  return Promise.resolve().then(() => {
    signal?.throwIfAborted();
    return load(given);
  });
}

function load(given: ModelInFile): LoadedData {
  const { model } = given;
  const { source } = model.data;
  const dataset =
    source.kind === 'csv'
      ? encodeTable(
          readTable(given, source),
          typeof source.target === 'string' ? [source.target] : source.target,
          source.features,
          targetEncoding(model),
        )
      : { ...generated(source, targetEncoding(model), model.seed), encoding: undefined };
  const split = splitRows(given, dataset);
  const scaling = fitScaling(dataset.features, split.train, model.data.normalization);
  applyScaling(dataset.features, scaling);
  return { ...dataset, split, scaling };
}

/** A table that cannot be opened is an error of the path in the model. */
function readTable(given: ModelInFile, source: CsvSource): Table {
  try {
    return readCsv(besideModel(given, source.path), source);
  } catch (error) {
    if (!(error instanceof EngineError) || error.code !== 'file-not-readable') throw error;
    throw new EngineError(
      error.code,
      `The data file "${source.path}" does not exist or cannot be read. Correct its path; it is relative to the model file.`,
      placeIn(given, ['data', 'source', 'path']),
      { cause: error },
    );
  }
}

function generated(
  { name, samples, noise }: Extract<Source, { kind: 'generator' }>,
  encoding: TargetEncoding,
  seed: number,
): Dataset {
  const { features: width, classes } = generatorInfo[name];
  const rows = generate(name, samples, noise, seed);
  const oneHot = encoding === 'oneHot';
  const outputs = oneHot ? classes : 1;
  const classNames = Array.from({ length: encoding === 'numbers' ? 0 : classes }, (_, i) => String(i));
  return {
    features: { rows: samples, columns: width, values: Float64Array.from(rows.flatMap(row => row.features)) },
    targets: {
      rows: samples,
      columns: outputs,
      values: Float64Array.from(
        rows.flatMap(({ target }) => (oneHot ? classNames.map((_, c) => (c === target ? 1 : 0)) : [target])),
      ),
    },
    featureNames: Array.from({ length: width }, (_, i) => `x${String(i + 1)}`),
    targetNames: oneHot ? classNames : ['y'],
    classes: classNames,
  };
}
