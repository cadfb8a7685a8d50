import { flag, fraction, nonNegative, positive, type FieldTable } from './fields.ts';

const learningRate = (fallback: number) =>
  positive(fallback, 'Size of one update step.', { max: 1000, logarithmic: true, symbol: 'α' });
const epsilon = (fallback: number, formDefaults: { pytorch?: number; keras?: number } = {}) =>
  positive(fallback, 'Keeps the division finite while the squared gradient is near zero.', {
    max: 1,
    logarithmic: true,
    formDefaults,
    symbol: 'ε',
  });
const weightDecay = (fallback: number, formDefaults: { keras?: number } = {}) =>
  nonNegative(fallback, 'Share of each weight that a step of size 1 takes away.', {
    max: 10,
    formDefaults,
    symbol: 'λ',
  });
const beta1 = fraction(0.9, 'Decay of the moving average of the gradient.', { symbol: 'β₁' });
const beta2 = fraction(0.999, 'Decay of the moving average of the squared gradient.', { symbol: 'β₂' });

/**
 * Every optimizer and its hyperparameters. `form` chooses between the formulas of the article, of
 * PyTorch and of Keras; a default that differs between the forms says so.
 */
export const optimizerFields = {
  sgd: { learningRate: learningRate(0.01) },
  momentum: {
    learningRate: learningRate(0.01),
    momentum: fraction(0.9, 'Share of the last step that is kept.', { symbol: 'μ' }),
    nesterov: flag(false, 'Evaluates the gradient ahead of the step, as Nesterov’s method does.'),
  },
  adagrad: {
    learningRate: learningRate(0.01),
    epsilon: epsilon(1e-8, { pytorch: 1e-10, keras: 1e-7 }),
    initialAccumulator: nonNegative(0, 'Value the accumulated squared gradient starts from.', {
      formDefaults: { keras: 0.1 },
      symbol: 'v₀',
    }),
  },
  rmsprop: {
    learningRate: learningRate(0.001),
    decayRate: fraction(0.9, 'Decay of the moving average of the squared gradient.', {
      formDefaults: { pytorch: 0.99 },
      symbol: 'β',
    }),
    epsilon: epsilon(1e-8, { keras: 1e-7 }),
  },
  adam: { learningRate: learningRate(0.001), beta1, beta2, epsilon: epsilon(1e-8, { keras: 1e-7 }) },
  adamw: {
    learningRate: learningRate(0.001),
    beta1,
    beta2,
    epsilon: epsilon(1e-8, { keras: 1e-7 }),
    weightDecay: weightDecay(0.01, { keras: 0.004 }),
  },
  nadam: {
    learningRate: positive(0.001, 'Size of one update step.', {
      max: 1000,
      logarithmic: true,
      symbol: 'α',
      formDefaults: { pytorch: 0.002 },
    }),
    beta1,
    beta2,
    epsilon: epsilon(1e-8, { keras: 1e-7 }),
  },
  lion: {
    learningRate: learningRate(0.0001),
    beta1,
    beta2: fraction(0.99, 'Decay of the moving average of the gradient.', { symbol: 'β₂' }),
    weightDecay: weightDecay(0),
  },
} as const satisfies Record<string, FieldTable>;

export type OptimizerType = keyof typeof optimizerFields;
export const optimizerTypes = Object.keys(optimizerFields) as readonly OptimizerType[];
