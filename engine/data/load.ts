import path from 'node:path';
import { generatorInfo, type LossName } from '../model/dataFields.ts';
import type { Model } from '../model/schema.ts';
import { readCsv } from './csv.ts';
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

/** Paths in a model are relative to the folder of its file. */
export const besideModel = (modelPath: string) => (relative: string) => path.resolve(path.dirname(modelPath), relative);

/** Reads or draws the data of a model. Throws `file-not-readable` or `invalid-data`. */
export function loadData(model: Model, modelPath: string): LoadedData {
  const resolvePath = besideModel(modelPath);
  const { source } = model.data;
  const dataset =
    source.kind === 'csv'
      ? encodeTable(
          readCsv(resolvePath(source.path), source),
          typeof source.target === 'string' ? [source.target] : source.target,
          source.features,
          model.loss,
        )
      : { ...generated(source, model.loss, model.seed), encoding: undefined };
  const split = splitRows(model, dataset, resolvePath);
  const scaling = fitScaling(dataset.features, split.train, model.data.normalization);
  applyScaling(dataset.features, scaling);
  return { ...dataset, split, scaling };
}

function generated(
  { name, samples, noise }: Extract<Model['data']['source'], { kind: 'generator' }>,
  loss: LossName,
  seed: number,
): Dataset {
  const { features: width, classes } = generatorInfo[name];
  const rows = generate(name, samples, noise, seed);
  const oneHot = loss === 'crossEntropy';
  const outputs = oneHot ? classes : 1;
  const classNames = Array.from({ length: loss === 'meanSquaredError' ? 0 : classes }, (_, i) => String(i));
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
