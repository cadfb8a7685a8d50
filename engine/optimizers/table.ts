import type { OptimizerType } from '../model/optimizerFields.ts';
import { adagrad } from './adagrad.ts';
import { adam } from './adam.ts';
import { adamw } from './adamw.ts';
import { lion } from './lion.ts';
import { momentum } from './momentum.ts';
import { nadam } from './nadam.ts';
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
  adamw,
  nadam,
  lion,
};
