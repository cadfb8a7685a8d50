import { generatorInfo } from '../model/dataFields.ts';
import { featuresOf } from '../model/dataSource.ts';
import { EngineError } from '../model/errors.ts';
import { placeIn, type ModelInFile } from '../model/modelInFile.ts';
import type { Model } from '../model/schema.ts';
import { targetEncoding, type TargetEncoding } from '../model/task.ts';
import { arraysDataset } from './arrays.ts';
import { besideModel } from './besideModel.ts';
import { openBytes, type ByteSource } from './byteReader.ts';
import { readCsv } from './csv.ts';
import type { Dataset, Split } from './dataset.ts';
import { encodedWidth } from './encode.ts';
import { chooseColumns, encodeTable, type TableEncoding } from './encodeTable.ts';
import type { ReadOptions } from './fileChunks.ts';
import { generate } from './generators.ts';
import { readIdx } from './idx.ts';
import { completeRows, type Missing } from './missing.ts';
import { applyScaling, fitScaling, type ColumnScaling } from './normalize.ts';
import { readNpy } from './npy.ts';
import type { NumberArray } from './numberArray.ts';
import { deriveFeatures } from './plane.ts';

/** Data ready for a network: encoded, split and normalized. Rows that were dropped are NaN and in no part of the split. */
export interface LoadedData extends Dataset {
  readonly split: Split;
  readonly scaling: ColumnScaling;
  /** How a table's columns were read; absent for other sources. */
  readonly encoding: TableEncoding | undefined;
  readonly missing: Missing;
}

type Source = Model['data']['source'];
type SourceOf<K extends Source['kind']> = Extract<Source, { kind: K }>;

/** A data set, and how its table was read if it was one. */
type Encoded = Dataset & { readonly encoding?: TableEncoding };

/**
 * Reads or draws the data of a model. Rejects with `file-not-readable`, `invalid-data` or `memory-limit`,
 * or with the reason of `signal`.
 */
export async function loadData(given: ModelInFile, options: ReadOptions = {}): Promise<LoadedData> {
  options.signal?.throwIfAborted();
  const { model } = given;
  const dataset = await readSource(given, options);
  const widths = dataset.encoding?.features.map(encodedWidth) ?? dataset.featureNames.map(() => 1);
  const { split, missing } = completeRows(given, dataset, widths);
  const scaling = fitScaling(dataset.features, split.train, model.data.normalization);
  applyScaling(dataset.features, scaling);
  return { ...dataset, encoding: dataset.encoding, split, scaling, missing };
}

async function readSource(given: ModelInFile, options: ReadOptions): Promise<Encoded> {
  const { source } = given.model.data;
  const encoding = targetEncoding(given.model);
  switch (source.kind) {
    case 'generator':
      return generated(source, encoding, given.model.seed);
    case 'csv':
      return readTable(given, source, encoding, options);
    case 'idx': {
      const images = await readArray(given, 'images', source.images, readIdx, options);
      const labels = await readArray(given, 'labels', source.labels, readIdx, options);
      return arraysDataset(images, labels, { feature: 'pixel', target: 'label' }, encoding, 'error');
    }
    case 'npy': {
      const features = await readArray(given, 'features', source.features, readNpy, options);
      const targets = await readArray(given, 'targets', source.targets, readNpy, options);
      return arraysDataset(features, targets, { feature: 'x', target: 'y' }, encoding, source.missing);
    }
  }
}

async function readTable(
  given: ModelInFile,
  source: SourceOf<'csv'>,
  encoding: TargetEncoding,
  options: ReadOptions,
): Promise<Encoded> {
  const targets = typeof source.target === 'string' ? [source.target] : source.target;
  const table = await atPath(given, 'path', source.path, file =>
    readCsv(
      file,
      {
        ...source,
        choose: header => {
          const chosen = chooseColumns(header, targets, source.features);
          return [...chosen.features, ...chosen.targets];
        },
      },
      options,
    ),
  );
  return encodeTable(table, chooseColumns(table, targets, source.features), encoding, source.missing);
}

const readArray = (
  given: ModelInFile,
  field: string,
  relative: string,
  read: (source: ByteSource) => Promise<NumberArray>,
  options: ReadOptions,
): Promise<NumberArray> => atPath(given, field, relative, async file => read(await openBytes(file, options)));

/** A data file that cannot be opened is an error of the path in the model. */
async function atPath<T>(
  given: ModelInFile,
  field: string,
  relative: string,
  read: (file: string) => Promise<T>,
): Promise<T> {
  try {
    return await read(besideModel(given, relative));
  } catch (error) {
    if (!(error instanceof EngineError) || error.code !== 'file-not-readable') throw error;
    throw new EngineError(
      error.code,
      `The data file "${relative}" does not exist or cannot be read. Correct its path; it is relative to the model file.`,
      placeIn(given, ['data', 'source', field]),
      { cause: error },
    );
  }
}

function generated(source: SourceOf<'generator'>, encoding: TargetEncoding, seed: number): Dataset {
  const { name, samples, noise } = source;
  const { features: width, classes } = generatorInfo[name];
  const rows = generate(name, samples, noise, seed);
  const oneHot = encoding === 'oneHot';
  const outputs = oneHot ? classes : 1;
  const classNames = Array.from({ length: encoding === 'numbers' ? 0 : classes }, (_, i) => String(i));
  const points = { rows: samples, columns: width, values: Float64Array.from(rows.flatMap(row => row.features)) };
  const names = featuresOf(source);
  return {
    ...(source.features
      ? { features: deriveFeatures(points, names), derived: { points, names } }
      : { features: points }),
    targets: {
      rows: samples,
      columns: outputs,
      values: Float64Array.from(
        rows.flatMap(({ target }) => (oneHot ? classNames.map((_, c) => (c === target ? 1 : 0)) : [target])),
      ),
    },
    featureNames: names,
    targetNames: oneHot ? classNames : ['y'],
    classes: classNames,
  };
}
