import { kernelSource } from './kernelSource.ts';

/** The numbers themselves: takes them to the device. */
export const copy = kernelSource(['a'], 'return a[row][column];');

/** product ← a ⊙ b */
export const multiply = kernelSource(['a', 'b'], 'return a[row][column] * b[row][column];');

/** sum ← a + b */
export const add = kernelSource(['a', 'b'], 'return a[row][column] + b[row][column];');

/** average ← kept · average + share · values */
export const blend = kernelSource(
  ['average', 'values', 'kept', 'share'],
  'return kept * average[row][column] + share * values[row][column];',
);

/** gradient ← gradient + λ₁ sign(w) + 2λ₂w */
export const penaltyGradient = kernelSource(
  ['gradient', 'w', 'l1', 'l2'],
  'const x = w[row][column]; return gradient[row][column] + l1 * Math.sign(x) + 2.0 * l2 * x;',
);

/** history ← itself, but with `values` as its part number place[0]; parts have `stride` rows, of which `values` may have fewer */
export const store = kernelSource(
  ['history', 'values', 'place'],
  `const at = row - place[0][0] * this.constants.stride;
  let value = history[row][column];
  if (at >= 0 && at < this.constants.rows) { value = values[at][column]; }
  return value;`,
);
