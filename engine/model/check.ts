import { generatorInfo, type LossName } from './dataFields.ts';
import type { Finding } from './issues.ts';
import type { Activation } from './layerFields.ts';
import type { Model } from './schema.ts';
import { layerShapes, maximumTrainingBytes, trainingBytes } from './shapes.ts';

/** What the data bring: known at once for a generator, after reading for a file. */
export interface DataWidth {
  readonly inputs: number;
  /** Outputs the last layer must have. */
  readonly outputs: number;
}

/** The one activation that each loss can be computed with; none for the losses of regression. */
const lossActivation: Partial<Record<LossName, Activation>> = {
  binaryCrossEntropy: 'sigmoid',
  crossEntropy: 'softmax',
};

/** Everything wrong with a well-formed model that can be known without reading data. */
export function checkModel(model: Model): Finding[] {
  const source = model.data.source;
  const width = source.kind === 'generator' ? generatorWidth(source.name, model.loss) : undefined;
  return [
    ...duplicateLayers(model),
    ...misplacedActivations(model),
    ...lossMismatch(model),
    ...splitTooLarge(model),
    ...wrongTask(model),
    ...(width ? checkWidths(model, width) : []),
    ...tooLarge(model, width?.inputs ?? 1),
  ];
}

export const generatorWidth = (name: keyof typeof generatorInfo, loss: LossName): DataWidth => {
  const { features, classes } = generatorInfo[name];
  return { inputs: features, outputs: loss === 'crossEntropy' ? classes : 1 };
};

/** Whether the last layer fits the data. */
export function checkWidths(model: Model, { outputs }: DataWidth): Finding[] {
  const index = model.layers.length - 1;
  const last = model.layers[index];
  if (!last || last.units === outputs) return [];
  return [
    {
      code: 'shape-mismatch',
      severity: 'error',
      message: `Layer "${last.id}" gives ${String(last.units)} outputs, but the data and the loss need ${String(outputs)}. Set its units to ${String(outputs)}.`,
      path: ['layers', index, 'units'],
      fix: { title: `Set units to ${String(outputs)}`, path: ['layers', index, 'units'], value: outputs },
    },
  ];
}

function* duplicateLayers({ layers }: Model): Iterable<Finding> {
  const seen = new Set<string>();
  for (const [index, { id }] of layers.entries()) {
    if (seen.has(id)) {
      const free = nextFreeId(id, new Set(layers.map(layer => layer.id)));
      yield {
        code: 'duplicate-layer',
        severity: 'error',
        message: `Two layers are called "${id}". Give this one another id.`,
        path: ['layers', index, 'id'],
        fix: { title: `Rename to "${free}"`, path: ['layers', index, 'id'], value: free },
      };
    }
    seen.add(id);
  }
}

/** `hidden3` after `hidden2`: the stem of `id` with the first number not taken. */
export function nextFreeId(id: string, taken: ReadonlySet<string>): string {
  const stem = id.replace(/\d+$/, '') || 'layer';
  for (let n = 1; ; n++) if (!taken.has(`${stem}${String(n)}`)) return `${stem}${String(n)}`;
}

function* misplacedActivations({ layers, loss }: Model): Iterable<Finding> {
  for (const [index, layer] of layers.entries()) {
    const path = ['layers', index, 'activation'];
    const last = index === layers.length - 1;
    if (layer.activation === 'softmax' && !last)
      yield {
        code: 'softmax-position',
        severity: 'error',
        message: `Layer "${layer.id}" uses softmax before the last layer. Use relu or tanh here.`,
        path,
        fix: { title: 'Use relu', path, value: 'relu' },
      };
    if (layer.activation === 'step' && !lossActivation[loss])
      yield {
        code: 'step-backpropagation',
        severity: 'error',
        message: `Layer "${layer.id}" uses step, whose derivative is 0 everywhere: backpropagation cannot train it. Use sigmoid or relu.`,
        path,
        fix: { title: 'Use sigmoid', path, value: 'sigmoid' },
      };
    else if (layer.activation === 'step' && !last)
      yield {
        code: 'step-backpropagation',
        severity: 'error',
        message: `Layer "${layer.id}" uses step, whose derivative is 0 everywhere: no gradient passes it. Use relu or tanh.`,
        path,
        fix: { title: 'Use relu', path, value: 'relu' },
      };
  }
}

function lossMismatch({ layers, loss }: Model): Finding[] {
  const index = layers.length - 1;
  const last = layers[index];
  if (!last) return [];
  const needed = lossActivation[loss];
  const path = ['layers', index, 'activation'];
  if (needed && last.activation !== needed)
    return [
      {
        code: 'loss-activation',
        severity: 'error',
        message: `The loss ${loss} needs ${needed} on the last layer, but "${last.id}" has ${last.activation}. Use ${needed}, or another loss.`,
        path,
        fix: { title: `Use ${needed}`, path, value: needed },
      },
    ];
  if (!needed && last.activation === 'softmax')
    return [
      {
        code: 'loss-activation',
        severity: 'warning',
        message: `The loss ${loss} with softmax learns slowly. Use crossEntropy to tell classes apart, or identity to predict numbers.`,
        path,
        fix: { title: 'Use crossEntropy', path: ['loss'], value: 'crossEntropy' },
      },
    ];
  return [];
}

function splitTooLarge({ data }: Model): Finding[] {
  if ('file' in data.split || data.split.validation + data.split.test < 1) return [];
  return [
    {
      code: 'split-too-large',
      severity: 'error',
      message: 'Validation and test together leave no row to train on. Lower one of them.',
      path: ['data', 'split'],
    },
  ];
}

function wrongTask({ data, loss }: Model): Finding[] {
  if (data.source.kind !== 'generator') return [];
  const { title, classes } = generatorInfo[data.source.name];
  if (classes > 0 || !lossActivation[loss]) return [];
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
  const widest = model.layers.reduce((at, layer, i) => (layer.units > (model.layers[at]?.units ?? 0) ? i : at), 0);
  return [
    {
      code: 'memory-limit',
      severity: 'error',
      message: `Training would take about ${(bytes / 1024 ** 3).toFixed(1)} GB; the limit is ${String(maximumTrainingBytes / 1024 ** 3)} GB. Use fewer units, fewer layers or smaller batches.`,
      path: ['layers', widest, 'units'],
    },
  ];
}
