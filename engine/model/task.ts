import { isRegression } from './dataFields.ts';
import type { Model } from './schema.ts';

type Learner = Pick<Model, 'layers' | 'loss'>;

/**
 * The classic perceptron: one dense layer whose step has no useful derivative, trained by the perceptron rule
 * instead of backpropagation, w ← w + α(y − ŷ)x. Source: Rosenblatt 1958; the article, “The perceptron”.
 */
export const isPerceptron = ({ layers, loss }: Learner): boolean => {
  const [layer] = layers;
  return layers.length === 1 && layer?.type === 'dense' && layer.activation === 'step' && isRegression(loss);
};

/** How targets become numbers: as they are, as 0 or 1, or one column a class. */
export type TargetEncoding = 'numbers' | 'binary' | 'oneHot';

/** A perceptron says 0 or 1 although its loss is one of numbers. */
export function targetEncoding(model: Learner): TargetEncoding {
  if (model.loss === 'crossEntropy') return 'oneHot';
  return model.loss === 'binaryCrossEntropy' || isPerceptron(model) ? 'binary' : 'numbers';
}
