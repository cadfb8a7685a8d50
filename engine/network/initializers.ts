import type { Initializer } from '../model/layerFields.ts';
import type { Numbers } from '../backends/backend.ts';
import type { Random } from '../data/random.ts';

type Draw = (random: Random, fanIn: number, fanOut: number) => number;

const uniform = (random: Random, limit: number) => random.uniform(-limit, limit);

/**
 *     glorotUniform  U(±√(6/(fanIn+fanOut)))      glorotNormal  N(0, 2/(fanIn+fanOut))
 *     heUniform      U(±√(6/fanIn))               heNormal      N(0, 2/fanIn)
 *     lecunNormal    N(0, 1/fanIn)                uniform       U(±0.05)
 *     normal         N(0, 0.05²)                  zeros         0
 *
 * Sources: Glorot & Bengio 2010; He et al. 2015; LeCun et al. 1998.
 */
const draws: Record<Initializer, Draw> = {
  glorotUniform: (random, fanIn, fanOut) => uniform(random, Math.sqrt(6 / (fanIn + fanOut))),
  glorotNormal: (random, fanIn, fanOut) => random.normal() * Math.sqrt(2 / (fanIn + fanOut)),
  heUniform: (random, fanIn) => uniform(random, Math.sqrt(6 / fanIn)),
  heNormal: (random, fanIn) => random.normal() * Math.sqrt(2 / fanIn),
  lecunNormal: (random, fanIn) => random.normal() / Math.sqrt(fanIn),
  uniform: random => uniform(random, 0.05),
  normal: random => random.normal() * 0.05,
  zeros: () => 0,
};

/** Fills a weight matrix of [fanOut, fanIn], row by row. */
export function initialize(
  weight: Numbers,
  initializer: Initializer,
  fanIn: number,
  fanOut: number,
  random: Random,
): void {
  const draw = draws[initializer];
  for (let i = 0; i < fanIn * fanOut; i++) weight[i] = draw(random, fanIn, fanOut);
}
