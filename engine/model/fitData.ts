import { generatorInfo, type GeneratorName, type LossName } from './dataFields.ts';
import type { ModelEdit, SingleEdit } from './edits.ts';
import type { Activation } from './layerFields.ts';
import { nextFreeId } from './layerTree.ts';
import { coordinates } from './planeFeatures.ts';
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

/** Arrays by the names of the fields that hold their files. */
export type ArraySource =
  | { readonly kind: 'idx'; readonly images: string; readonly labels: string }
  | { readonly kind: 'npy'; readonly features: string; readonly targets: string };

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

/** Takes a table as the data of a model, to predict one of its columns. */
export const fitToTable = (model: Model, path: string, target: TargetColumn): ModelEdit =>
  takeSource(model, { kind: 'csv', path, target: target.name }, fitTarget(target));

/** Takes arrays as the data of a model. Several targets are numbers to predict. */
export const fitToArrays = (model: Model, source: ArraySource, targets: readonly TargetColumn[]): ModelEdit => {
  const [target] = targets;
  const fit: TargetFit =
    target && targets.length === 1
      ? fitTarget(target)
      : { loss: 'meanSquaredError', activation: 'identity', units: targets.length };
  return takeSource(model, source, fit);
};

/** Takes a built-in data set. From one to another of the same task, nothing changes but its name; features go where there is no plane. */
export function fitToGenerator(model: Model, name: GeneratorName): ModelEdit {
  const { source } = model.data;
  const { classes } = generatorInfo[name];
  const features: SingleEdit[] =
    source.kind === 'generator' && source.features && generatorInfo[name].features !== coordinates.length
      ? [{ kind: 'removeValue', path: ['data', 'source', 'features'] }]
      : [];
  if (source.kind === 'generator' && generatorInfo[source.name].classes === classes) {
    const named: SingleEdit = { kind: 'setValue', path: ['data', 'source', 'name'], value: name };
    return features.length > 0 ? { kind: 'several', edits: [named, ...features] } : named;
  }
  const target: TargetColumn =
    classes > 0
      ? { name: 'y', kind: 'category', distinct: classes, whole: true }
      : { name: 'y', kind: 'number', distinct: Infinity, whole: false };
  const written = source.kind === 'generator' ? undefined : { kind: 'generator', name };
  const taken = takeSource(model, written ?? name, fitTarget(target));
  return { ...taken, edits: [...taken.edits, ...features] };
}

/**
 * Source, loss and last layer change together, in one step. `source` is a whole one, or the name of another data set
 * of the generator. A last layer that is not dense gets a dense one after it.
 */
function takeSource(
  model: Model,
  source: GeneratorName | Readonly<Record<string, string>>,
  { loss, activation, units }: TargetFit,
): Extract<ModelEdit, { kind: 'several' }> {
  const path = typeof source === 'string' ? ['data', 'source', 'name'] : ['data', 'source'];
  return {
    kind: 'several',
    edits: [
      { kind: 'setValue', path, value: source },
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
