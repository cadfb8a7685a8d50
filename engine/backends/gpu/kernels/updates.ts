import type { UpdatePass } from '../../backend.ts';
import { kernelSource, type KernelSource } from './kernelSource.ts';

/**
 * The gradient as the passes see it: scaled by the norm's clip and the coefficient, then limited. c₀ and c₁ of `UpdatePasses` are scale and limit;
 * the coefficients of the pass follow.
 */
const gradient = `const limit = c[0][1];
  const g = Math.max(-limit, Math.min(limit, gradient[row][column] * c[0][0] * clip[0][0]));`;

/** What one kernel of a pass computes: a slot, or the weight. Kernels run in this order. */
interface UpdateKernel {
  readonly writes: 'weight' | 'first' | 'second';
  readonly source: KernelSource;
}

const first = 'first[row][column]';
const second = 'second[row][column]';
const weight = 'weight[row][column]';

const kernel = (writes: UpdateKernel['writes'], parameters: readonly string[], value: string): UpdateKernel => ({
  writes,
  source: kernelSource([...parameters, 'c', 'clip'], `${gradient} return ${value};`),
});

/** `UpdatePasses` has the formulas. */
export const updateKernels: Record<UpdatePass, readonly UpdateKernel[]> = {
  descend: [kernel('weight', ['weight', 'gradient'], `${weight} - c[0][2] * g`)],
  roll: [
    kernel('first', ['gradient', 'first'], `c[0][2] * ${first} + c[0][3] * g`),
    kernel('weight', ['weight', 'gradient', 'first'], `${weight} + c[0][4] * ${first} + c[0][5] * g`),
  ],
  scale: [
    kernel('first', ['gradient', 'first'], `c[0][2] * ${first} + c[0][3] * g * g`),
    kernel(
      'weight',
      ['weight', 'gradient', 'first'],
      `${weight} - c[0][4] * g / (Math.sqrt(${first} + c[0][5]) + c[0][6])`,
    ),
  ],
  adapt: [
    kernel('first', ['gradient', 'first'], `c[0][2] * ${first} + c[0][3] * g`),
    kernel('second', ['gradient', 'second'], `c[0][4] * ${second} + c[0][5] * g * g`),
    kernel(
      'weight',
      ['weight', 'gradient', 'first', 'second'],
      `c[0][6] * ${weight} - (c[0][7] * ${first} + c[0][8] * g) / (Math.sqrt(c[0][9] * ${second} + c[0][10]) + c[0][11])`,
    ),
  ],
  followSign: [
    kernel(
      'weight',
      ['weight', 'gradient', 'first'],
      `c[0][4] * ${weight} - c[0][5] * Math.sign(c[0][2] * ${first} + c[0][3] * g)`,
    ),
    kernel('first', ['gradient', 'first'], `c[0][6] * ${first} + c[0][7] * g`),
  ],
};

/** min(1, limit / (√squares + 10⁻⁶)) */
export const clipScale = kernelSource(
  ['squares', 'limit'],
  'return Math.min(1.0, limit / (Math.sqrt(squares[0][0]) + 0.000001));',
);
