import { choice, count, nonNegative, positive } from './fields.ts';

/** The built-in data sets: how many features and classes each has; `classes: 0` is a regression. */
export const generatorInfo = {
  xor: { features: 2, classes: 2, title: 'XOR', description: 'Four square clouds; opposite corners share a class.' },
  moons: { features: 2, classes: 2, title: 'Two moons', description: 'Two interleaved half circles.' },
  circles: { features: 2, classes: 2, title: 'Circles', description: 'A disc inside a ring.' },
  spiral: { features: 2, classes: 2, title: 'Spiral', description: 'Two arms wound around each other.' },
  gaussians: { features: 2, classes: 2, title: 'Gaussians', description: 'Two round clouds.' },
  checkerboard: { features: 2, classes: 2, title: 'Checkerboard', description: 'A four-by-four board.' },
  sine: { features: 1, classes: 0, title: 'Sine', description: 'y = sin(x) on [−π, π].' },
  plane: { features: 2, classes: 0, title: 'Plane', description: 'y = (x₁ + x₂) / 2.' },
  multiGaussian: { features: 2, classes: 0, title: 'Gaussian hills', description: 'Three hills and three dips.' },
} as const;

export type GeneratorName = keyof typeof generatorInfo;
export const generatorNames = Object.keys(generatorInfo) as readonly GeneratorName[];

export const generatorFields = {
  name: choice(generatorNames, 'moons', 'Which data set to draw.'),
  samples: count(400, 4, 1_000_000, 'How many rows to draw.'),
  noise: nonNegative(0.1, 'Standard deviation of the noise added to each point.', { max: 10 }),
} as const;

export const splitFields = {
  validation: nonNegative(0.2, 'Share of the rows kept apart to measure how well the network generalizes.', {
    max: 0.9,
  }),
  test: nonNegative(0, 'Share of the rows kept for one last measurement.', { max: 0.9 }),
} as const;

export const normalizations = ['standard', 'minMax', 'none'] as const;
export type Normalization = (typeof normalizations)[number];

/** What becomes of a row that lacks a value. */
export const missingPolicies = ['error', 'dropRow', 'mean'] as const;
export type MissingPolicy = (typeof missingPolicies)[number];
export const missingFields = {
  missing: choice(
    missingPolicies,
    'error',
    'What to do where a value is missing. error: name the cell. dropRow: leave the row out. mean: fill in the mean of the training rows, for a category the most frequent one.',
  ),
} as const;

/** The kinds of data a model can name; `files` are the fields that hold a path, and what they are called. */
export const sourceKinds = {
  generator: { title: 'Built-in data', short: 'Built-in', files: {} },
  csv: { title: 'Table', short: 'Table', files: { path: 'File' } },
  idx: { title: 'Images (IDX)', short: 'Images', files: { images: 'Images', labels: 'Labels' } },
  npy: { title: 'Arrays (NPY)', short: 'Arrays', files: { features: 'Features', targets: 'Targets' } },
} as const;
export type SourceKind = keyof typeof sourceKinds;

export const losses = ['binaryCrossEntropy', 'crossEntropy', 'meanSquaredError', 'meanAbsoluteError', 'huber'] as const;
export type LossName = (typeof losses)[number];

/** Whether a loss predicts numbers rather than classes. */
export const isRegression = (loss: LossName): boolean => loss !== 'binaryCrossEntropy' && loss !== 'crossEntropy';

export const samplings = ['shuffle', 'sequential', 'replacement'] as const;

export const backendNames = ['auto', 'wasm', 'gpu', 'reference'] as const;
export type BackendName = (typeof backendNames)[number];

export const clipKinds = ['norm', 'value'] as const;
export const clipLimit = positive(1, 'Largest norm of all gradients together, or largest size of each.');

export const trainingFields = {
  epochs: count(100, 1, 1_000_000, 'How often the training rows are passed through.'),
} as const;
