import { checkLayers, lossActivation } from './checkLayers.ts';
import { generatorInfo, type LossName } from './dataFields.ts';
import { featuresOf, type BuiltInSource } from './dataSource.ts';
import type { Finding, JsonPath } from './issues.ts';
import { walkLayers } from './layerTree.ts';
import type { Layer, Model } from './schema.ts';
import { layerShapes, maximumTrainingBytes, trainingBytes } from './shapes.ts';
import { isPerceptron } from './task.ts';

/** What the data bring: known at once for a generator, after reading for a file. */
export interface DataWidth {
  readonly inputs: number;
  /** Outputs the last layer must have. */
  readonly outputs: number;
}

/** Everything wrong with a well-formed model that can be known without reading data. */
export function checkModel(model: Model): Finding[] {
  const source = model.data.source;
  const width = source.kind === 'generator' ? generatorWidth(source, model.loss) : undefined;
  return [
    ...checkLayers(model),
    ...splitTooLarge(model),
    ...featuresWithoutPlane(model),
    ...wrongTask(model),
    ...(width ? checkWidths(model, width) : residualWidths(model.layers, ['layers'], undefined)),
    ...tooLarge(model, width?.inputs ?? 1),
  ];
}

export const generatorWidth = (source: Pick<BuiltInSource, 'name' | 'features'>, loss: LossName): DataWidth => {
  const { classes } = generatorInfo[source.name];
  return { inputs: featuresOf(source).length, outputs: loss === 'crossEntropy' ? classes : 1 };
};

/** Whether the layers fit each other and the data. */
export function checkWidths(model: Model, { inputs, outputs }: DataWidth): Finding[] {
  const index = model.layers.length - 1;
  const last = model.layers[index];
  const path = ['layers', index, 'units'];
  const inner = [...residualWidths(model.layers, ['layers'], inputs)];
  if (last?.type !== 'dense' || last.units === outputs) return inner;
  return [
    ...inner,
    {
      code: 'shape-mismatch',
      severity: 'error',
      message: `Layer "${last.id}" gives ${String(last.units)} outputs, but the data and the loss need ${String(outputs)}. Set its units to ${String(outputs)}.`,
      path,
      fix: { title: `Set units to ${String(outputs)}`, path, value: outputs },
    },
  ];
}

/** A residual block adds what goes in to what comes out, so both need one width. `inputs` is undefined until the data are read. */
function* residualWidths(layers: readonly Layer[], path: JsonPath, inputs: number | undefined): Iterable<Finding> {
  let width = inputs;
  for (const [index, layer] of layers.entries()) {
    if (layer.type === 'dense') width = layer.units;
    if (layer.type !== 'residual') continue;
    const innerPath = [...path, index, 'layers'];
    yield* residualWidths(layer.layers, innerPath, width);
    const at = layer.layers.findLastIndex(({ type }) => type === 'dense');
    const inner = layer.layers[at];
    if (width === undefined || inner?.type !== 'dense' || inner.units === width) continue;
    const unitsPath = [...innerPath, at, 'units'];
    yield {
      code: 'shape-mismatch',
      severity: 'error',
      message: `The residual block "${layer.id}" receives ${String(width)} values and adds them to what "${inner.id}" gives, which are ${String(inner.units)}. Set its units to ${String(width)}.`,
      path: unitsPath,
      fix: { title: `Set units to ${String(width)}`, path: unitsPath, value: width },
    };
  }
}

function splitTooLarge({ data }: Model): Finding[] {
  if ('file' in data.split || data.split.validation + data.split.test < 1) return [];
  return [
    {
      code: 'split-too-large',
      severity: 'error',
      message: 'Validation and test together leave no row to train on. Lower one of them.',
      path: ['data', 'split'],
      fix: { title: 'Set test to 0', path: ['data', 'split', 'test'], value: 0 },
    },
  ];
}

/** Features are computed of two coordinates, which not every data set has. */
function featuresWithoutPlane({ data: { source } }: Model): Finding[] {
  if (source.kind !== 'generator' || !source.features) return [];
  const { title, features } = generatorInfo[source.name];
  if (features === 2) return [];
  const path = ['data', 'source', 'features'];
  return [
    {
      code: 'data',
      severity: 'error',
      message: `${title} has one input, and features are computed of two, x1 and x2. Remove "features", or take a data set of two inputs.`,
      path,
      remedies: [{ title: 'Remove "features"', edits: [{ kind: 'removeValue', path }] }],
    },
  ];
}

function wrongTask(model: Model): Finding[] {
  const { data, loss } = model;
  if (data.source.kind !== 'generator') return [];
  const { title, classes } = generatorInfo[data.source.name];
  if (classes > 0) return [];
  if (isPerceptron(model)) {
    const path = ['layers', 0, 'activation'];
    return [
      {
        code: 'data',
        severity: 'error',
        message: `${title} has numbers to predict, no classes, and a layer with step answers 0 or 1. Use identity.`,
        path,
        fix: { title: 'Use identity', path, value: 'identity' },
      },
    ];
  }
  if (!lossActivation[loss]) return [];
  return [
    {
      code: 'data',
      severity: 'error',
      message: `${title} has numbers to predict, no classes, and ${loss} needs classes. Use meanSquaredError with identity on the last layer.`,
      path: ['loss'],
      fix: { title: 'Use meanSquaredError', path: ['loss'], value: 'meanSquaredError' },
    },
  ];
}

function tooLarge(model: Model, inputs: number): Finding[] {
  const batch = model.training.batchSize === 'full' ? 1 : model.training.batchSize;
  const bytes = trainingBytes(layerShapes(model.layers, inputs), batch);
  if (bytes <= maximumTrainingBytes) return [];
  const widest = [...walkLayers(model.layers)].reduce((most, placed) =>
    units(placed.layer) > units(most.layer) ? placed : most,
  );
  return [
    {
      code: 'memory-limit',
      severity: 'error',
      message: `Training would take about ${(bytes / 1024 ** 3).toFixed(1)} GB; the limit is ${String(maximumTrainingBytes / 1024 ** 3)} GB. Use fewer units, fewer layers or smaller batches.`,
      path: [...widest.path, 'units'],
    },
  ];
}

const units = (layer: Layer): number => (layer.type === 'dense' ? layer.units : 0);
