import * as vscode from 'vscode';

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
  {
    title: vscode.l10n.t('XOR'),
    description: vscode.l10n.t('the smallest problem that needs a hidden layer'),
    stem: 'xor',
    example: 'xor',
  },
  {
    title: vscode.l10n.t('Two moons'),
    description: vscode.l10n.t('two interleaved half circles'),
    stem: 'two-moons',
    example: 'two-moons',
  },
  {
    title: vscode.l10n.t('Spiral'),
    description: vscode.l10n.t('two arms wound around each other'),
    stem: 'spiral',
    example: 'spiral',
  },
  {
    title: vscode.l10n.t('Iris'),
    description: vscode.l10n.t('a table: three species of iris by four measures'),
    stem: 'iris',
    example: 'iris',
    data: 'data/iris.csv',
  },
  {
    title: vscode.l10n.t('Digits'),
    description: vscode.l10n.t('a table: handwritten digits of 8 × 8 pixels'),
    stem: 'digits',
    example: 'digits',
    data: 'data/digits.csv',
  },
  {
    title: vscode.l10n.t('Regression'),
    description: vscode.l10n.t('a sine to fit'),
    stem: 'regression',
    example: 'sine',
  },
  { title: vscode.l10n.t('Blank'), description: vscode.l10n.t('one layer, to begin from'), stem: 'model' },
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
