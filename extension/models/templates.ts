/** What a new model can begin as. */
export interface Template {
  readonly title: string;
  readonly description: string;
  /** File name of the new model, without its ending. */
  readonly stem: string;
  /** The example it copies; without one it is written as `blankModel`. */
  readonly example?: string;
  /** Data of the example, relative to its folder. */
  readonly data?: string;
}

export const templates: readonly Template[] = [
  { title: 'XOR', description: 'the smallest problem that needs a hidden layer', stem: 'xor', example: 'xor' },
  { title: 'Two moons', description: 'two interleaved half circles', stem: 'two-moons', example: 'two-moons' },
  { title: 'Spiral', description: 'two arms wound around each other', stem: 'spiral', example: 'spiral' },
  {
    title: 'Iris',
    description: 'a table: three species of iris by four measures',
    stem: 'iris',
    example: 'iris',
    data: 'data/iris.csv',
  },
  {
    title: 'Digits',
    description: 'a table: handwritten digits of 8 × 8 pixels',
    stem: 'digits',
    example: 'digits',
    data: 'data/digits.csv',
  },
  { title: 'Regression', description: 'a sine to fit', stem: 'regression', example: 'sine' },
  { title: 'Blank', description: 'one layer, to begin from', stem: 'model' },
];

/** The smallest model that trains. */
export const blankModel = `{
  "version": 1,
  "name": "Model",
  "seed": 42,
  "data": {
    "source": { "kind": "generator", "name": "gaussians", "samples": 200 }
  },
  "layers": [
    { "id": "output", "type": "dense", "units": 1, "activation": "sigmoid" }
  ],
  "loss": "binaryCrossEntropy",
  "optimizer": { "type": "adam", "learningRate": 0.01 },
  "training": { "epochs": 50 }
}
`;
