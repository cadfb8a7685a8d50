import type { OptimizerType } from '../model/optimizerFields.ts';
import { adagrad } from './adagrad.ts';
import { adam } from './adam.ts';
import { momentum } from './momentum.ts';
import { rmsprop } from './rmsprop.ts';
import { sgd } from './sgd.ts';
import type { UpdateRule } from './updateRule.ts';

/** Every optimizer there is. */
export const updateRules: { readonly [T in OptimizerType]: UpdateRule<T, string> } = {
  sgd,
  momentum,
  adagrad,
  rmsprop,
  adam,
};
