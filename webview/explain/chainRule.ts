import type { Figure, Operation, Role, StepExplanation } from '../../engine/protocol/explanation.ts';
import { layerOrder, Notation, subscript } from './formulas.ts';

/** One weight, by its place in the matrix; counted from 0. */
export interface TracedWeight {
  readonly layerId: string;
  readonly row: number;
  readonly column: number;
}

/** A number of the chain rule, and those it is made of. */
export interface ChainNode {
  /** `∂L/∂w`, `δ₂[1]` */
  readonly symbol: string;
  readonly value: number;
  /** How the parts make the value: `δ₁[2] · x[1]`. */
  readonly rule: string;
  readonly parts: readonly ChainNode[];
}

/** Terms of a sum that are written out. */
const shownTerms = 8;

/** The gradient of one weight, back to the loss: ∂L/∂w_ji = Σ_n δ_jn x_in, δ = ∂L/∂z σ′(a), ∂L/∂z_j = Σ_k W_kj δ_k. */
export function chainRule(explanation: StepExplanation, { layerId, row, column }: TracedWeight): ChainNode | undefined {
  const reader = new Reader(explanation);
  const gradient = reader.find(layerId, 'weightGradient');
  const value = reader.entry(gradient, 'weightGradient', row, column);
  if (!gradient || value === undefined) return undefined;
  const input = plainInput(reader.notation.inputOf(layerId));
  const samples = Math.min(explanation.batchRows, shownTerms);
  const parts = Array.from({ length: samples }, (_, sample) => [
    reader.delta(layerId, row, sample),
    leaf(`${input}[${column + 1}${sampleText(explanation, sample)}]`, reader.entry(gradient, 'input', column, sample)),
  ]).flat();
  const products = explanation.batchRows === 1 ? '' : `, summed over ${explanation.batchRows} samples`;
  const n = subscript(reader.notation.numberOf(layerId));
  return {
    symbol: `∂L/∂W${n}[${row + 1}, ${column + 1}]`,
    value,
    rule: `δ${n}[${row + 1}] · ${input}[${column + 1}]${products}`,
    parts: parts.filter(part => part !== undefined),
  };
}

const plainInput = (symbol: string): string =>
  symbol.replace(/_(\d+)/, (_, digits: string) => subscript(Number(digits)));

const sampleText = ({ batchRows }: StepExplanation, sample: number): string =>
  batchRows === 1 ? '' : `, ${sample + 1}`;

const leaf = (symbol: string, value: number | undefined): ChainNode | undefined =>
  value === undefined ? undefined : { symbol, value, rule: '', parts: [] };

class Reader {
  readonly notation: Notation;
  readonly #explanation: StepExplanation;
  readonly #order: readonly string[];

  constructor(explanation: StepExplanation) {
    this.#explanation = explanation;
    this.notation = new Notation(explanation);
    this.#order = layerOrder(explanation);
  }

  find(layerId: string, kind: Operation['kind']): Operation | undefined {
    return this.#explanation.operations.find(each => each.layerId === layerId && each.kind === kind);
  }

  entry(operation: Operation | undefined, role: Role, row: number, column: number): number | undefined {
    const figure: Figure | undefined = [...(operation?.operands ?? []), ...(operation?.result ?? [])].find(
      term => term.role === role,
    )?.figure;
    return figure?.values[row]?.[column];
  }

  /** δ of one node and sample: from the loss in the last layer, through the slope in an earlier one. */
  delta(layerId: string, node: number, sample: number): ChainNode | undefined {
    const n = subscript(this.notation.numberOf(layerId));
    const at = `[${node + 1}${sampleText(this.#explanation, sample)}]`;
    const atLoss = this.find(layerId, 'lossGradient');
    if (atLoss) {
      const value = this.entry(atLoss, 'preActivationGradient', node, sample);
      const parts = [
        leaf(`ŷ${at}`, this.entry(atLoss, 'output', node, sample)),
        leaf(`y${at}`, this.entry(atLoss, 'target', node, sample)),
      ];
      return value === undefined
        ? undefined
        : {
            symbol: `δ${n}${at}`,
            value,
            rule: 'from the loss of ŷ and y',
            parts: parts.filter(part => part !== undefined),
          };
    }
    const back = this.find(layerId, 'activationGradient');
    const value = this.entry(back, 'preActivationGradient', node, sample);
    if (value === undefined) return undefined;
    const parts = [
      this.#outputGradient(layerId, back, node, sample),
      leaf(`σ′(a${n}${at})`, this.entry(back, 'slope', node, sample)),
    ];
    return {
      symbol: `δ${n}${at}`,
      value,
      rule: `∂L/∂z${n}[${node + 1}] · σ′(a${n}[${node + 1}])`,
      parts: parts.filter(part => part !== undefined),
    };
  }

  /** ∂L/∂z of one node: over the weights of the next layer, where that is dense and follows directly. */
  #outputGradient(layerId: string, back: Operation | undefined, node: number, sample: number): ChainNode | undefined {
    const n = subscript(this.notation.numberOf(layerId));
    const symbol = `∂L/∂z${n}[${node + 1}${sampleText(this.#explanation, sample)}]`;
    const value = this.entry(back, 'outputGradient', node, sample);
    if (value === undefined) return undefined;
    const next = this.#order[this.#order.indexOf(layerId) + 1] ?? '';
    const over = this.find(next, 'inputGradient');
    const weights = over?.operands.find(({ role }) => role === 'weight')?.figure;
    if (!weights) return { symbol, value, rule: next === '' ? '' : `as ${next} hands it back`, parts: [] };
    const m = subscript(this.notation.numberOf(next));
    const parts = Array.from({ length: Math.min(weights.rows, shownTerms) }, (_, k) => [
      leaf(`W${m}[${k + 1}, ${node + 1}]`, weights.values[k]?.[node]),
      this.delta(next, k, sample),
    ]).flat();
    return {
      symbol,
      value,
      rule: `Σₖ W${m}[k, ${node + 1}] · δ${m}[k]${weights.rows > shownTerms ? `, ${weights.rows} terms` : ''}`,
      parts: parts.filter(part => part !== undefined),
    };
  }
}
