import type { LossName } from '../../engine/model/dataFields.ts';
import type { Activation } from '../../engine/model/layerFields.ts';
import type { OptimizerSettings } from '../../engine/model/schema.ts';
import type { Operation, StepExplanation, Term } from '../../engine/protocol/explanation.ts';

/** The layers in the order in which the forward pass completes them; their numbers are the indices of the formulas. */
export const layerOrder = ({ operations }: Pick<StepExplanation, 'operations'>): string[] => [
  ...new Set(operations.flatMap(({ phase, layerId }) => (phase === 'forward' ? [layerId] : []))),
];

const lossFormulas: Record<LossName, string> = {
  binaryCrossEntropy: 'L = − [ y ln ŷ + ( 1 − y ) ln ( 1 − ŷ ) ]',
  crossEntropy: 'L = − Σ y ln ŷ',
  meanSquaredError: 'L = 1:N Σ ( ŷ − y )^2',
  meanAbsoluteError: 'L = 1:N Σ | ŷ − y |',
  huber: 'L = 1:N Σ huber ( ŷ − y )',
};

const activationFormulas: Record<Activation, string> = {
  identity: 'A',
  step: 'step ( A )',
  relu: 'max ( 0 , A )',
  leakyRelu: 'max ( 0.01 A , A )',
  elu: 'elu ( A )',
  gelu: 'A Φ ( A )',
  silu: 'A σ ( A )',
  sigmoid: 'σ ( A )',
  tanh: 'tanh A',
  softplus: 'ln ( 1 + e^a )',
  softmax: 'softmax ( A )',
};

/** The update as the article, PyTorch or Keras writes it; P is the parameter, g its gradient. */
export function updateFormulas(optimizer: OptimizerSettings, parameter: string): string[] {
  const p = parameter;
  const descent = `${p} ← ${p} − α`;
  switch (optimizer.type) {
    case 'sgd':
      return [`${descent} g`];
    case 'momentum':
      if (optimizer.form === 'pytorch')
        return ['m ← μ m + g', optimizer.nesterov ? `${descent} ( g + μ m )` : `${descent} m`];
      return ['m ← μ m − α g', optimizer.nesterov ? `${p} ← ${p} + μ m − α g` : `${p} ← ${p} + m`];
    case 'adagrad':
      return ['v ← v + g^2', `${descent} ${optimizer.form === 'article' ? 'g:√(v+ε)' : 'g:(√v+ε)'}`];
    case 'rmsprop':
      return ['v ← β v + ( 1 − β ) g^2', `${descent} ${optimizer.form === 'pytorch' ? 'g:(√v+ε)' : 'g:√(v+ε)'}`];
    case 'adam':
      return [...moments, `${descent} ${optimizer.form === 'article' ? 'm̂:√(v̂+ε)' : 'm̂:(√v̂+ε)'}`];
    case 'adamw':
      return [
        `${p} ← ( 1 − α λ ) ${p}`,
        ...moments,
        `${descent} ${optimizer.form === 'article' ? 'm̂:√(v̂+ε)' : 'm̂:(√v̂+ε)'}`,
      ];
    case 'nadam':
      return [...moments, `${descent} ( β_1 m̂ + (1−β₁)g:(1−β₁ᵗ) ) 1:√v̂`];
    case 'lion':
      return [`${p} ← ${p} − α ( sign ( β_1 m + ( 1 − β_1 ) g ) + λ ${p} )`, 'm ← β_2 m + ( 1 − β_2 ) g'];
  }
}

const moments = ['m ← β_1 m + ( 1 − β_1 ) g , m̂ = m:(1−β₁ᵗ)', 'v ← β_2 v + ( 1 − β_2 ) g^2 , v̂ = v:(1−β₂ᵗ)'];

const parameterSymbols: Readonly<Record<string, string>> = { weight: 'W', bias: 'b', scale: 'γ', shift: 'β' };

/** What the formulas of one step are written with. */
export class Notation {
  readonly #explanation: StepExplanation;
  readonly #order: readonly string[];

  constructor(explanation: StepExplanation) {
    this.#explanation = explanation;
    this.#order = layerOrder(explanation);
  }

  /** The number of a layer, from 1. */
  numberOf(layerId: string): number {
    return this.#order.indexOf(layerId) + 1;
  }

  /** `x` before the first layer, then the output of the one before. */
  inputOf(layerId: string): string {
    const n = this.numberOf(layerId);
    return n <= 1 ? 'x' : `z_${n - 1}`;
  }

  outputOf(layerId: string): string {
    const n = this.numberOf(layerId);
    return n === this.#order.length ? 'ŷ' : `z_${n}`;
  }

  /** The formulas of an operation, one a line. */
  formulasOf({ kind, layerId, parameter = '' }: Operation): string[] {
    const n = this.numberOf(layerId);
    const [x, z, a, w, delta] = [this.inputOf(layerId), this.outputOf(layerId), `a_${n}`, `W_${n}`, `δ_${n}`];
    const { layers, lossName, optimizer } = this.#explanation;
    switch (kind) {
      case 'dense':
        return [`${a} = ${w} ${x} + b_${n}`];
      case 'activation': {
        const { activation = 'identity' } = layers.find(layer => layer.layerId === layerId) ?? {};
        return [`${z} = ${activationFormulas[activation].replaceAll('A', a)}`];
      }
      case 'dropout':
        return [`${z} = ${x} ⊙ m`];
      case 'batchNorm':
      case 'layerNorm':
        return [`x̂_${n} = (${plain(x)}−μ):s , s = √(σ²+ε)`, `${z} = γ_${n} ⊙ x̂_${n} + β_${n}`];
      case 'residual':
        return [`${z} = x + f ( x )`];
      case 'loss':
        return [lossFormulas[lossName]];
      case 'lossGradient':
        return lossName === 'binaryCrossEntropy' || lossName === 'crossEntropy'
          ? [`${delta} = 1:N ( ŷ − y )`]
          : [`${delta} = ∂L:∂ŷ ⊙ σ′ ( ${a} )`];
      case 'activationGradient':
        return [`${delta} = ∂L:∂${z} ⊙ σ′ ( ${a} )`];
      case 'weightGradient':
        return [`∂L:∂${w} = ${delta} ${x}^⊤`.replace('z_', 'z_')];
      case 'biasGradient':
        return [`∂L:∂b_${n} = Σ ${delta}`];
      case 'inputGradient':
        return [`∂L:∂${x} = ${w}^⊤ ${delta}`];
      case 'penalty':
        return [`∂L:∂${w} ← ∂L:∂${w} + λ_1 sign ${w} + 2 λ_2 ${w}`];
      case 'dropoutGradient':
        return [`∂L:∂${x} = ∂L:∂${z} ⊙ m`];
      case 'batchNormGradient':
        return [
          `∂L:∂${x} = γ_${n}:s ⊙ ( g − mean ( g ) − x̂_${n} ⊙ mean ( g ⊙ x̂_${n} ) ) , g = ∂L:∂${z}`,
          `∂L:∂γ_${n} = Σ g ⊙ x̂_${n} , ∂L:∂β_${n} = Σ g`,
        ];
      case 'layerNormGradient':
        return [
          `∂L:∂${x} = 1:s ⊙ ( h − mean ( h ) − x̂_${n} ⊙ mean ( h ⊙ x̂_${n} ) ) , h = γ_${n} ⊙ g , g = ∂L:∂${z}`,
          `∂L:∂γ_${n} = Σ g ⊙ x̂_${n} , ∂L:∂β_${n} = Σ g`,
        ];
      case 'residualGradient':
        return [`∂L:∂x = ∂L:∂${z} + ∂f:∂x ∂L:∂${z}`];
      case 'update':
        return updateFormulas(optimizer, `${parameterSymbols[parameter] ?? ''}_${n}`);
    }
  }

  /** How a matrix is called below its picture. */
  captionOf({ role }: Term, { layerId, kind, parameter = '' }: Operation): string {
    const n = this.numberOf(layerId);
    if (typeof role !== 'string') return role.when === 'before' ? role.slot : `${role.slot} after`;
    const symbol = `${parameterSymbols[parameter] ?? ''}${subscript(n)}`;
    const [x, z] = [plain(this.inputOf(layerId)), plain(this.outputOf(layerId))];
    const captions: Record<typeof role, string> = {
      input: kind === 'residual' ? 'x' : x,
      weight: kind === 'inputGradient' ? `W${subscript(n)}ᵀ` : `W${subscript(n)}`,
      bias: `b${subscript(n)}`,
      preActivation: `a${subscript(n)}`,
      output: kind === 'loss' || kind === 'lossGradient' ? 'ŷ' : z,
      mask: 'm',
      scale: `γ${subscript(n)}`,
      shift: `β${subscript(n)}`,
      normalized: `x̂${subscript(n)}`,
      deviation: 's',
      meanGradient: kind === 'layerNormGradient' ? 'mean(h)' : 'mean(g)',
      meanProduct: kind === 'layerNormGradient' ? 'mean(h ⊙ x̂)' : 'mean(g ⊙ x̂)',
      scaleGradient: `∂L/∂γ${subscript(n)}`,
      shiftGradient: `∂L/∂β${subscript(n)}`,
      inner: kind === 'residual' ? 'f(x)' : 'through f',
      target: 'y',
      outputGradient: `∂L/∂${z}`,
      slope: `σ′(a${subscript(n)})`,
      preActivationGradient: `δ${subscript(n)}`,
      weightGradient: `∂L/∂W${subscript(n)}`,
      biasGradient: `∂L/∂b${subscript(n)}`,
      inputGradient: `∂L/∂${x}`,
      gradient: `∂L/∂${symbol}`,
      before: symbol,
      after: `${symbol} after`,
    };
    return captions[role];
  }
}

const plain = (symbol: string): string => symbol.replace(/_(\d+)/, (_, digits: string) => subscript(Number(digits)));

/** `₁₂` */
export const subscript = (n: number): string => String(n).replaceAll(/\d/g, digit => '₀₁₂₃₄₅₆₇₈₉'[Number(digit)] ?? '');
