import type { GeneratorName } from './dataFields.ts';

/** Where the chance in a data set comes from: seeded numbers for a training, a few fixed ones for a picture. */
export interface Randomness {
  /** A number in [low, high), which are 0 and 1 without saying. */
  uniform(low?: number, high?: number): number;
  /** A number from N(0, 1). */
  normal(): number;
}

/** One drawn row: its features, and its class or the number to predict. */
export interface Sample {
  readonly features: readonly number[];
  readonly target: number;
}

type Draw = (random: Randomness, index: number, samples: number, noise: number) => Sample;

const around = (random: Randomness, center: number, noise: number) => center + noise * random.normal();

/** Centers and heights of the hills of `multiGaussian`. */
const hills = [
  [0, 0.5, 1],
  [0.5, -0.4, 1],
  [-0.6, -0.3, 1],
  [0.6, 0.4, -1],
  [-0.5, 0.6, -1],
  [0, -0.7, -1],
] as const;

/** How a row of each data set is drawn. */
export const generatorDraws: Record<GeneratorName, Draw> = {
  xor: (random, _index, _samples, noise) => {
    const x = random.uniform(-1, 1);
    const y = random.uniform(-1, 1);
    // The padding keeps the corners apart, so that noise 0 is separable.
    const pad = (value: number) => value + (value > 0 ? 0.1 : -0.1);
    return { features: [around(random, pad(x), noise), around(random, pad(y), noise)], target: x * y >= 0 ? 0 : 1 };
  },
  moons: (random, index, _samples, noise) => {
    const angle = random.uniform(0, Math.PI);
    const upper = index % 2 === 0;
    const x = upper ? Math.cos(angle) : 1 - Math.cos(angle);
    const y = upper ? Math.sin(angle) : 0.5 - Math.sin(angle);
    return { features: [around(random, x, noise), around(random, y, noise)], target: upper ? 0 : 1 };
  },
  circles: (random, index, _samples, noise) => {
    const inner = index % 2 === 0;
    const radius = inner ? 0.5 * Math.sqrt(random.uniform()) : random.uniform(0.7, 1);
    const angle = random.uniform(0, 2 * Math.PI);
    return {
      features: [around(random, radius * Math.cos(angle), noise), around(random, radius * Math.sin(angle), noise)],
      target: inner ? 1 : 0,
    };
  },
  spiral: (random, index, samples, noise) => {
    const arm = index % 2;
    const t = Math.floor(index / 2) / Math.max(1, Math.ceil(samples / 2));
    const angle = 1.75 * t * 2 * Math.PI + arm * Math.PI;
    return {
      features: [around(random, t * Math.sin(angle), noise), around(random, t * Math.cos(angle), noise)],
      target: arm,
    };
  },
  gaussians: (random, index, _samples, noise) => {
    const center = index % 2 === 0 ? -0.5 : 0.5;
    return { features: [around(random, center, 0.2 + noise), around(random, center, 0.2 + noise)], target: index % 2 };
  },
  checkerboard: (random, _index, _samples, noise) => {
    const x = random.uniform(-1, 1);
    const y = random.uniform(-1, 1);
    const field = Math.floor((x + 1) * 2) + Math.floor((y + 1) * 2);
    return { features: [around(random, x, noise), around(random, y, noise)], target: field % 2 };
  },
  sine: (random, _index, _samples, noise) => {
    const x = random.uniform(-Math.PI, Math.PI);
    return { features: [x], target: around(random, Math.sin(x), noise) };
  },
  plane: (random, _index, _samples, noise) => {
    const x = random.uniform(-1, 1);
    const y = random.uniform(-1, 1);
    return { features: [x, y], target: around(random, (x + y) / 2, noise) };
  },
  multiGaussian: (random, _index, _samples, noise) => {
    const x = random.uniform(-1, 1);
    const y = random.uniform(-1, 1);
    const height = hills.reduce(
      (sum, [cx, cy, sign]) => sum + sign * Math.exp(-((x - cx) ** 2 + (y - cy) ** 2) / 0.1),
      0,
    );
    return { features: [x, y], target: around(random, height, noise) };
  },
};
