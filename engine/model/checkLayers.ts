import { isRegression, type LossName } from './dataFields.ts';
import type { Finding, JsonPath } from './issues.ts';
import type { Activation } from './layerFields.ts';
import { nextFreeId, walkLayers } from './layerTree.ts';
import type { DenseLayer, Layer, Model } from './schema.ts';
import { isPerceptron } from './task.ts';

/** The one activation that each loss can be computed with; none for the losses of regression. */
export const lossActivation: Partial<Record<LossName, Activation>> = {
  binaryCrossEntropy: 'sigmoid',
  crossEntropy: 'softmax',
};

/** What is wrong with single layers and with how they follow each other, shapes apart. */
export function checkLayers(model: Model): Finding[] {
  return [
    ...duplicates(model.layers, ['layers']),
    ...lastLayer(model),
    ...misplacedActivations(model),
    ...lossMismatch(model),
    ...smallBatches(model),
  ];
}

/** Ids tell the layers of one list apart; a block's inner layers carry its name before theirs. */
function* duplicates(layers: readonly Layer[], path: JsonPath): Iterable<Finding> {
  const seen = new Set<string>();
  for (const [index, layer] of layers.entries()) {
    const { id } = layer;
    if (seen.has(id)) {
      const free = nextFreeId(id, new Set(layers.map(other => other.id)));
      const at = [...path, index, 'id'];
      yield {
        code: 'duplicate-layer',
        severity: 'error',
        message: `Two layers are called "${id}". Give this one another id.`,
        path: at,
        fix: { title: `Rename to "${free}"`, path: at, value: free },
      };
    }
    seen.add(id);
    if (layer.type === 'residual') yield* duplicates(layer.layers, [...path, index, 'layers']);
  }
}

/** The loss is computed from the sums of a dense layer. */
function lastLayer({ layers, loss }: Model): Finding[] {
  const last = layers.at(-1);
  if (!last || last.type === 'dense') return [];
  return [
    {
      code: 'output-layer',
      severity: 'error',
      message: `The last layer must be dense, because its activation gives the prediction, but "${last.id}" is ${last.type}. Put a dense layer after it.`,
      path: ['layers', layers.length - 1, 'type'],
      fix: {
        title: 'Put a dense layer after it',
        path: ['layers', layers.length],
        value: {
          id: nextFreeId('output', new Set(layers.map(({ id }) => id))),
          type: 'dense',
          units: 1,
          activation: lossActivation[loss] ?? 'identity',
        },
      },
    },
  ];
}

function* misplacedActivations(model: Model): Iterable<Finding> {
  const last = model.layers.at(-1);
  for (const { layer, path, name } of walkLayers(model.layers)) {
    if (layer.type !== 'dense') continue;
    const at = [...path, 'activation'];
    if (layer.activation === 'softmax' && layer !== last)
      yield {
        code: 'softmax-position',
        severity: 'error',
        message: `Layer "${name}" uses softmax before the last layer. Use relu or tanh here.`,
        path: at,
        fix: { title: 'Use relu', path: at, value: 'relu' },
      };
    if (layer.activation === 'step' && !isPerceptron(model)) yield* stepLayer(model, name, layer === last, at);
  }
}

/** Where the loss asks for another activation anyway, that is said instead. */
function stepLayer({ loss }: Model, name: string, isLast: boolean, path: JsonPath): Finding[] {
  if (isLast && !isRegression(loss)) return [];
  const value = isLast ? 'sigmoid' : 'relu';
  return [
    {
      code: 'step-backpropagation',
      severity: 'error',
      message: `Layer "${name}" uses step, whose derivative is 0 everywhere: no gradient passes it, so backpropagation cannot train ${isLast ? 'a network with more than one layer this way' : 'what stands before it'}. Use ${isLast ? 'sigmoid' : 'relu or tanh'}.`,
      path,
      fix: { title: `Use ${value}`, path, value },
    },
  ];
}

function lossMismatch({ layers, loss }: Model): Finding[] {
  const last = layers.at(-1);
  if (last?.type !== 'dense') return [];
  const path = ['layers', layers.length - 1, 'activation'];
  const needed = lossActivation[loss];
  if (needed && last.activation !== needed)
    return [
      {
        code: 'loss-activation',
        severity: 'error',
        message: `The loss ${loss} needs ${needed} on the last layer, but "${last.id}" has ${last.activation}. Use ${needed}, or ${otherLoss(last, layers.length)}.`,
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

const otherLoss = ({ activation }: DenseLayer, layers: number): string =>
  activation === 'step' && layers === 1 ? 'meanSquaredError to train it by the perceptron rule' : 'another loss';

function* smallBatches({ layers, training }: Model): Iterable<Finding> {
  if (training.batchSize !== 1) return;
  for (const { layer, path, name } of walkLayers(layers))
    if (layer.type === 'batchNorm')
      yield {
        code: 'batch-norm',
        severity: 'error',
        message: `Layer "${name}" compares the rows of a batch, and a batch of one row holds nothing to compare. Use a batch size of 2 or more, or layerNorm.`,
        path: [...path, 'type'],
        fix: { title: 'Use batches of 32', path: ['training', 'batchSize'], value: 32 },
      };
}
