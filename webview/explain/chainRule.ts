import type { StepExplanation } from '../../engine/protocol/explanation.ts';
import { t } from '../kit/language.ts';
import { BackwardReader, shownTerms, type ChainNode } from './backwardReader.ts';
import { subscript } from './formulas.ts';

/** One weight, by its place in the matrix; counted from 0. */
export interface TracedWeight {
  readonly layerId: string;
  readonly row: number;
  readonly column: number;
}

/** The gradient of one weight, back to the loss: ∂L/∂w_ji = Σ_n δ_jn x_in, and δ from layer to layer. */
export function chainRule(explanation: StepExplanation, { layerId, row, column }: TracedWeight): ChainNode | undefined {
  const reader = new BackwardReader(explanation);
  const gradient = reader.find(layerId, 'weightGradient');
  const value = reader.entry(gradient, 'weightGradient', row, column);
  if (!gradient || value === undefined) return undefined;
  const input = plainInput(reader.notation.inputOf(layerId));
  const { batchRows } = explanation;
  const samples = Array.from({ length: Math.min(batchRows, shownTerms) }, (_, sample) => sample);
  const n = subscript(reader.notation.numberOf(layerId));
  return {
    symbol: `∂L/∂W${n}[${row + 1}, ${column + 1}]`,
    value,
    rule: `δ${n}[${row + 1}] · ${input}[${column + 1}]${batchRows === 1 ? '' : `, ${t('summed over {0} samples', batchRows)}`}`,
    parts: () =>
      samples.flatMap(sample => [
        ...reader.delta(layerId, { node: row, sample }),
        ...reader.leaf(`${input}${reader.at({ node: column, sample })}`, gradient, 'input', column, sample),
      ]),
  };
}

const plainInput = (symbol: string): string =>
  symbol.replace(/_(\d+)/, (_, digits: string) => subscript(Number(digits)));
