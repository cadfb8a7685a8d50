import { choice, count, flag, fraction, nonNegative, positive, type FieldTable } from './fields.ts';

/** What each activation is called, how it is written, and what values it can take. */
export const activationInfo = {
  identity: { formula: 'a', range: '(−∞, ∞)', use: 'Outputs of a regression.' },
  step: {
    formula: '1 if a > 0, else 0',
    range: '{0, 1}',
    use: 'The classic perceptron. Its derivative is 0, so backpropagation cannot train through it.',
  },
  relu: { formula: 'max(0, a)', range: '[0, ∞)', use: 'The usual choice for hidden layers.' },
  leakyRelu: { formula: 'a if a > 0, else 0.01 a', range: '(−∞, ∞)', use: 'ReLU whose nodes cannot die.' },
  elu: {
    formula: 'a if a > 0, else e^a − 1',
    range: '(−1, ∞)',
    use: 'Like ReLU, smooth below 0, with a mean nearer to 0.',
  },
  gelu: {
    formula: 'a Φ(a)',
    range: '(−0.17, ∞)',
    use: 'Hidden layers of today’s large networks. Φ is the normal distribution.',
  },
  silu: {
    formula: 'a / (1 + e^−a)',
    range: '(−0.28, ∞)',
    use: 'Also called swish; smooth, close to GELU and cheaper.',
  },
  sigmoid: {
    formula: '1 / (1 + e^−a)',
    range: '(0, 1)',
    use: 'Probability of one class; the last layer of a two-class network.',
  },
  tanh: { formula: '(e^a − e^−a) / (e^a + e^−a)', range: '(−1, 1)', use: 'Hidden layers of small, smooth networks.' },
  softplus: { formula: 'ln(1 + e^a)', range: '(0, ∞)', use: 'A smooth ReLU; outputs that must be positive.' },
  softmax: {
    formula: 'e^aⱼ / Σₖ e^aₖ',
    range: '(0, 1), sums to 1',
    use: 'Probabilities of several classes; last layer only.',
  },
} as const;

export type Activation = keyof typeof activationInfo;
export const activations = Object.keys(activationInfo) as readonly Activation[];

/** How weights start. fanIn and fanOut are the layer's inputs and outputs. */
export const initializerInfo = {
  glorotUniform: 'U(−r, r), r = √(6 / (fanIn + fanOut)). For tanh, sigmoid and softmax.',
  glorotNormal: 'N(0, 2 / (fanIn + fanOut)).',
  heUniform: 'U(−r, r), r = √(6 / fanIn). For ReLU.',
  heNormal: 'N(0, 2 / fanIn). For ReLU.',
  lecunNormal: 'N(0, 1 / fanIn).',
  uniform: 'U(−0.05, 0.05).',
  normal: 'N(0, 0.05²).',
  zeros: 'All 0. Every unit of a layer then learns the same thing.',
} as const;

export type Initializer = keyof typeof initializerInfo;
export const initializers = Object.keys(initializerInfo) as readonly Initializer[];

/** Most units a layer may have; beyond it a weight matrix alone would fill a machine. */
export const maximumUnits = 65_536;

const normEpsilon = positive(1e-5, 'Keeps the division finite where nothing varies.', {
  max: 1,
  logarithmic: true,
  symbol: 'ε',
});

/** Every layer type and its fields; a residual block also has `layers`, its inner path. */
export const layerFields = {
  dense: {
    units: count(8, 1, maximumUnits, 'How many nodes the layer has.'),
    activation: choice(activations, 'identity', 'What each node does to its weighted sum.'),
    initializer: choice(initializers, 'glorotUniform', 'How the weights start.'),
    bias: flag(true, 'Whether each node adds a bias.'),
    l1: nonNegative(0, 'Adds λ‖W‖₁ to the loss, which pulls small weights to 0.', { max: 1000, symbol: 'λ‖W‖₁' }),
    l2: nonNegative(0, 'Adds λ‖W‖² to the loss, which keeps weights small.', { max: 1000, symbol: 'λ‖W‖²' }),
  },
  dropout: {
    rate: fraction(0.5, 'Share of the values that a training step sets to 0; the others grow by 1 / (1 − rate).'),
  },
  batchNorm: {
    momentum: fraction(0.1, 'Share of each batch in the running mean and variance, which are used after training.'),
    epsilon: normEpsilon,
  },
  layerNorm: { epsilon: normEpsilon },
  residual: {},
} as const satisfies Record<string, FieldTable>;

export type LayerType = keyof typeof layerFields;
export const layerTypes = Object.keys(layerFields) as readonly LayerType[];

/** What each layer type is called, what it computes, and what it is for. */
export const layerInfo: Record<LayerType, { readonly title: string; readonly formula: string; readonly use: string }> =
  {
    dense: { title: 'Dense', formula: 'z = σ(Wx + b)', use: 'Every input reaches every node.' },
    dropout: {
      title: 'Dropout',
      formula: 'z = x ⊙ m / (1 − rate)',
      use: 'Forgets values at random while training, so that no node relies on a single other one.',
    },
    batchNorm: {
      title: 'Batch norm',
      formula: 'z = scale (x − mean) / √(variance + ε) + shift, over the batch',
      use: 'Keeps each value at mean 0 and deviation 1 over the batch; lets deep networks learn faster.',
    },
    layerNorm: {
      title: 'Layer norm',
      formula: 'z = scale (x − mean) / √(variance + ε) + shift, over the row',
      use: 'Like batch norm, but over the values of one row: works for any batch size.',
    },
    residual: {
      title: 'Residual',
      formula: 'z = x + f(x)',
      use: 'Adds the input back to what its inner layers make of it, so that gradients reach the first layers.',
    },
  };
