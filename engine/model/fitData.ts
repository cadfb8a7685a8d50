import type { LossName } from './dataFields.ts';
import type { ModelEdit, SingleEdit } from './edits.ts';
import type { Activation } from './layerFields.ts';
import { nextFreeId } from './layerTree.ts';
import type { Model } from './schema.ts';

/** What is known of a column that shall be predicted. */
export interface TargetColumn {
  readonly name: string;
  readonly kind: 'number' | 'category';
  readonly distinct: number;
  readonly whole: boolean;
}

/** How a target is learned: the loss, and the last layer that goes with it. */
export interface TargetFit {
  readonly loss: LossName;
  readonly activation: Activation;
  readonly units: number;
}

/** Whole numbers with at most so many values are taken for classes. */
const mostNumberedClasses = 20;

/** Texts and few whole numbers are classes, one sigmoid for two and a softmax for more; all else is numbers. */
export function fitTarget({ kind, distinct, whole }: TargetColumn): TargetFit {
  const classes = kind === 'category' || (whole && distinct <= mostNumberedClasses);
  if (!classes) return { loss: 'meanSquaredError', activation: 'identity', units: 1 };
  return distinct <= 2
    ? { loss: 'binaryCrossEntropy', activation: 'sigmoid', units: 1 }
    : { loss: 'crossEntropy', activation: 'softmax', units: distinct };
}

/**
 * Takes a table as the data of a model: its source, the loss and the last layer change together, in one
 * step. A last layer that is not dense gets a dense one after it.
 */
export function fitToTable(model: Model, path: string, target: TargetColumn): ModelEdit {
  const { loss, activation, units } = fitTarget(target);
  const source: SingleEdit = {
    kind: 'setValue',
    path: ['data', 'source'],
    value: { kind: 'csv', path, target: target.name },
  };
  return {
    kind: 'several',
    edits: [
      source,
      // A list of rows belongs to the data it was made for.
      ...('file' in model.data.split ? [{ kind: 'removeValue' as const, path: ['data', 'split'] }] : []),
      ...lastLayerEdits(model, activation, units),
      { kind: 'setValue', path: ['loss'], value: loss },
    ],
  };
}

function lastLayerEdits({ layers }: Model, activation: Activation, units: number): SingleEdit[] {
  const index = layers.length - 1;
  if (layers[index]?.type === 'dense')
    return [
      { kind: 'setValue', path: ['layers', index, 'units'], value: units },
      { kind: 'setValue', path: ['layers', index, 'activation'], value: activation },
    ];
  const taken = new Set(layers.map(({ id }) => id));
  const id = taken.has('output') ? nextFreeId('output', taken) : 'output';
  const layer = { id, type: 'dense', units, activation };
  return [{ kind: 'addLayers', at: { block: [], index: layers.length }, layers: [layer] }];
}
