import type { GeneratorName } from '../model/dataFields.ts';
import { generatorDraws, type Sample } from '../model/generatorDraws.ts';
import { Random } from './random.ts';

/** Draws `samples` rows of a built-in data set. The same seed draws the same rows on every machine. */
export function generate(name: GeneratorName, samples: number, noise: number, seed: number): Sample[] {
  const random = new Random(seed, 'data');
  return Array.from({ length: samples }, (_, index) => generatorDraws[name](random, index, samples, noise));
}
