import type { ExplainedLayer, Figure, Operation, Role, StepExplanation } from '../../engine/protocol/explanation.ts';
import { t } from '../kit/language.ts';
import { Notation, subscript } from './formulas.ts';

/** A number of the chain rule. */
export interface ChainNode {
  /** `∂L/∂w`, `δ₂[1]` */
  readonly symbol: string;
  readonly value: number;
  /** How the parts make the value: `δ₁[2] · x[1]`. */
  readonly rule: string;
  /** Has parts; found when they are looked at, since there may be as many paths to the loss as products of widths. */
  readonly parts?: () => readonly ChainNode[];
}

/** Terms of a sum that are written out. */
export const shownTerms = 8;

/** A node of a layer and a sample of the batch, counted from 0. */
export interface Place {
  readonly node: number;
  readonly sample: number;
}

/**
 * Reads out of a step how each number of the backward pass came about.
 *
 *     dense      δ = ∂L/∂z σ′(a)      ∂L/∂x_j = Σ_k W_kj δ_k
 *     dropout    ∂L/∂x = ∂L/∂z m
 *     norms      ∂L/∂x = γ/s (g − mean(g) − x̂ mean(g x̂)), g = ∂L/∂z
 *     residual   ∂L/∂x = ∂L/∂z + what comes back through f, whose last layer gets ∂L/∂z
 *
 * A number that is not drawn is an empty list.
 */
export class BackwardReader {
  readonly notation: Notation;
  readonly #explanation: StepExplanation;

  constructor(explanation: StepExplanation) {
    this.#explanation = explanation;
    this.notation = new Notation(explanation);
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

  /** `[2]` of one sample, `[2, 1]` of several. */
  at({ node, sample }: Place): string {
    return this.#explanation.batchRows === 1 ? `[${node + 1}]` : `[${node + 1}, ${sample + 1}]`;
  }

  leaf(symbol: string, operation: Operation | undefined, role: Role, row: number, column: number): ChainNode[] {
    const value = this.entry(operation, role, row, column);
    return value === undefined ? [] : [{ symbol, value, rule: '' }];
  }

  /** δ of one node and sample: from the loss in the last layer, through the slope in an earlier one. */
  delta(layerId: string, place: Place): ChainNode[] {
    const { node, sample } = place;
    const [n, at] = [this.#index(layerId), this.at(place)];
    const symbol = `δ${n}${at}`;
    const atLoss = this.find(layerId, 'lossGradient');
    if (atLoss)
      return this.#node(
        symbol,
        this.entry(atLoss, 'preActivationGradient', node, sample),
        t('from the loss of ŷ and y'),
        () => [
          ...this.leaf(`ŷ${at}`, atLoss, 'output', node, sample),
          ...this.leaf(`y${at}`, atLoss, 'target', node, sample),
        ],
      );
    const back = this.find(layerId, 'activationGradient');
    const rule = `∂L/∂z${n}[${node + 1}] · σ′(a${n}[${node + 1}])`;
    return this.#node(symbol, this.entry(back, 'preActivationGradient', node, sample), rule, () => [
      ...this.#outputGradient(layerId, place),
      ...this.leaf(`σ′(a${n}${at})`, back, 'slope', node, sample),
    ]);
  }

  #index(layerId: string): string {
    return subscript(this.notation.numberOf(layerId));
  }

  #node(symbol: string, value: number | undefined, rule: string, parts: () => readonly ChainNode[]): ChainNode[] {
    return value === undefined ? [] : [{ symbol, value, rule, parts }];
  }

  /** ∂L/∂z of one node: what the layer that follows hands back. */
  #outputGradient(layerId: string, place: Place): ChainNode[] {
    const symbol = `∂L/∂z${this.#index(layerId)}${this.at(place)}`;
    const next = follower(this.#explanation.layers, layerId);
    if (next) return this.#inputGradient(next, place, symbol);
    const block = blockOf(layerId);
    if (block === undefined) return [];
    const value = this.entry(this.find(block, 'residualGradient'), 'outputGradient', place.node, place.sample);
    return this.#node(symbol, value, t('f is added, so it is ∂L/∂z{0}', this.#index(block)), () =>
      this.#outputGradient(block, place),
    );
  }

  /** The gradient of what a layer is given, called `symbol`. */
  #inputGradient({ layerId, type }: ExplainedLayer, place: Place, symbol: string): ChainNode[] {
    switch (type) {
      case 'dense':
        return this.#throughWeights(layerId, place, symbol);
      case 'dropout':
        return this.#throughMask(layerId, place, symbol);
      case 'batchNorm':
      case 'layerNorm':
        return this.#throughNorm(layerId, type, place, symbol);
      default:
        return this.#throughBlock(layerId, place, symbol);
    }
  }

  #throughWeights(layerId: string, { node, sample }: Place, symbol: string): ChainNode[] {
    const back = this.find(layerId, 'inputGradient');
    const weights = back?.operands.find(({ role }) => role === 'weight')?.figure;
    const m = this.#index(layerId);
    const rows = weights?.rows ?? 0;
    const rule = `Σₖ W${m}[k, ${node + 1}] · δ${m}[k]${rows > shownTerms ? `, ${t('{0} terms', rows)}` : ''}`;
    const terms = Array.from({ length: Math.min(rows, shownTerms) }, (_, k) => k);
    return this.#node(symbol, this.entry(back, 'inputGradient', node, sample), rule, () =>
      terms.flatMap(k => [
        ...this.leaf(`W${m}[${k + 1}, ${node + 1}]`, back, 'weight', k, node),
        ...this.delta(layerId, { node: k, sample }),
      ]),
    );
  }

  #throughMask(layerId: string, place: Place, symbol: string): ChainNode[] {
    const { node, sample } = place;
    const back = this.find(layerId, 'dropoutGradient');
    const rule = `∂L/∂z${this.#index(layerId)}[${node + 1}] · m[${node + 1}]`;
    return this.#node(symbol, this.entry(back, 'inputGradient', node, sample), rule, () => [
      ...this.#outputGradient(layerId, place),
      ...this.leaf(`m${this.at(place)}`, back, 'mask', node, sample),
    ]);
  }

  #throughNorm(layerId: string, type: 'batchNorm' | 'layerNorm', place: Place, symbol: string): ChainNode[] {
    const { node, sample } = place;
    const [n, at] = [this.#index(layerId), this.at(place)];
    const [kind, rule, row, column] =
      type === 'batchNorm'
        ? ([
            'batchNormGradient',
            `γ${n} / s · (g − mean(g) − x̂${n} · mean(g ⊙ x̂${n})), g = ∂L/∂z${n}`,
            node,
            0,
          ] as const)
        : ([
            'layerNormGradient',
            `1 / s · (γ${n} · g − mean(h) − x̂${n} · mean(h ⊙ x̂${n})), g = ∂L/∂z${n}, h = γ${n} ⊙ g`,
            0,
            sample,
          ] as const);
    const g = type === 'batchNorm' ? 'g' : 'h';
    const back = this.find(layerId, kind);
    return this.#node(symbol, this.entry(back, 'inputGradient', node, sample), rule, () => [
      ...this.leaf(`γ${n}[${node + 1}]`, back, 'scale', node, 0),
      ...this.leaf('s', back, 'deviation', row, column),
      ...this.#outputGradient(layerId, place),
      ...this.leaf(`mean(${g})`, back, 'meanGradient', row, column),
      ...this.leaf(`x̂${n}${at}`, back, 'normalized', node, sample),
      ...this.leaf(`mean(${g} ⊙ x̂${n})`, back, 'meanProduct', row, column),
    ]);
  }

  #throughBlock(layerId: string, place: Place, symbol: string): ChainNode[] {
    const { node, sample } = place;
    const back = this.find(layerId, 'residualGradient');
    const first = this.#explanation.layers.find(layer => blockOf(layer.layerId) === layerId);
    const rule = t('∂L/∂z{0}[{1}] of the skip + what comes back through f', this.#index(layerId), node + 1);
    return this.#node(symbol, this.entry(back, 'inputGradient', node, sample), rule, () => [
      ...this.#outputGradient(layerId, place),
      ...(first ? this.#inputGradient(first, place, t('through f{0}', this.at(place))) : []),
    ]);
  }
}

/** The block that a layer is inside of. */
const blockOf = (layerId: string): string | undefined => /^(.*)\.[^.]*$/.exec(layerId)?.[1];

/** The layer that takes what this one gives; undefined at the end of a block and of the network. */
function follower(layers: readonly ExplainedLayer[], layerId: string): ExplainedLayer | undefined {
  const beside = layers.filter(layer => blockOf(layer.layerId) === blockOf(layerId));
  return beside[beside.findIndex(layer => layer.layerId === layerId) + 1];
}
