import { useEffect, useRef } from 'preact/hooks';
import type { Operation, OperationKind, Term } from '../../engine/protocol/explanation.ts';
import { Icon } from '../kit/button.tsx';
import { t } from '../kit/language.ts';
import { figureText } from '../kit/numberText.ts';
import type { Notation } from './formulas.ts';
import { Formula } from './math.tsx';
import { Matrix } from './matrix.tsx';
import type { TracedWeight } from './chainRule.ts';

interface OperationProps {
  readonly operation: Operation;
  readonly notation: Notation;
  readonly digits: number;
  readonly current: boolean;
  readonly traced: TracedWeight;
  readonly onSelect: () => void;
  readonly onTrace: (traced: TracedWeight) => void;
}

/** What stands between the matrices of each kind of operation; names are roles, all else is written as it is. */
const layouts: Record<Exclude<OperationKind, 'update'>, readonly string[]> = {
  dense: ['weight', 'input', '+', 'bias', '=', 'preActivation'],
  activation: ['preActivation', '→', 'output'],
  dropout: ['input', '⊙', 'mask', '=', 'output'],
  batchNorm: ['input', '→', 'scale', '⊙', 'normalized', '+', 'shift', '=', 'output'],
  layerNorm: ['input', '→', 'scale', '⊙', 'normalized', '+', 'shift', '=', 'output'],
  residual: ['input', '+', 'inner', '=', 'output'],
  loss: ['output', ',', 'target'],
  lossGradient: ['output', '−', 'target', '→', 'preActivationGradient'],
  activationGradient: ['outputGradient', '⊙', 'slope', '=', 'preActivationGradient'],
  weightGradient: ['preActivationGradient', 'inputᵀ', '=', 'weightGradient'],
  biasGradient: ['preActivationGradient', '→', 'biasGradient'],
  inputGradient: ['weightᵀ', 'preActivationGradient', '=', 'inputGradient'],
  penalty: ['weightGradient', '+', 'weight', '→', 'weightGradient!'],
  dropoutGradient: ['outputGradient', '⊙', 'mask', '=', 'inputGradient'],
  batchNormGradient: [
    ...['scale', '/', 'deviation', '⊙ (', 'outputGradient', '−', 'meanGradient', '−', 'normalized', '⊙'],
    ...['meanProduct', ') =', 'inputGradient', ',', 'scaleGradient', ',', 'shiftGradient'],
  ],
  layerNormGradient: [
    ...['1 /', 'deviation', '⊙ (', 'scale', '⊙', 'outputGradient', '−', 'meanGradient', '−', 'normalized', '⊙'],
    ...['meanProduct', ') =', 'inputGradient', ',', 'scaleGradient', ',', 'shiftGradient'],
  ],
  residualGradient: ['outputGradient', '+', 'inner', '=', 'inputGradient'],
};

interface Piece {
  readonly sign?: string;
  readonly term?: Term;
  readonly transposed?: boolean;
}

/** The matrices of an operation and the signs between them; a sign goes with a matrix that is not there. */
export function piecesOf({ kind, operands, result }: Operation): Piece[] {
  if (kind === 'update') return [...operands.map(term => ({ term })), { sign: '→' }, ...result.map(term => ({ term }))];
  const pieces: Piece[] = [];
  for (const name of layouts[kind]) {
    const role = name.replace(/[ᵀ!]$/, '');
    const terms = name.endsWith('!') ? result : [...operands, ...result];
    const term = terms.find(each => each.role === role);
    if (term) pieces.push({ term, transposed: name.endsWith('ᵀ') });
    else if (!/^[a-z]{4}/.test(name)) pieces.push({ sign: name });
    else if (pieces.at(-1)?.sign !== undefined) pieces.pop();
  }
  return pieces;
}

/** Roles whose entries are weights, or belong to one. */
const traceable = ['weight', 'weightGradient', 'before', 'after', 'gradient'];

/** A difference larger than this is not rounding. */
const agreement = 1e-4;

/** One operation: its formula, the numbers in it, and the check of a gradient. */
export function OperationView({ operation, notation, digits, current, traced, onSelect, onTrace }: OperationProps) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (current) element.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [current]);
  const { layerId, check, parameter } = operation;
  const isWeight = (term: Term) =>
    typeof term.role === 'string' &&
    traceable.includes(term.role) &&
    (parameter === undefined || parameter === 'weight');
  return (
    <div
      ref={element}
      class={`operation${current ? ' current' : ''}`}
      aria-current={current ? 'step' : undefined}
      onClick={onSelect}
      data-testid="operation"
      data-kind={operation.kind}
    >
      {notation.formulasOf(operation).map(text => (
        <Formula key={text} text={text} />
      ))}
      <div class="equation">
        {piecesOf(operation).map(({ sign, term, transposed = false }, i) =>
          term ? (
            <Matrix
              key={i}
              figure={term.figure}
              caption={notation.captionOf(term, operation)}
              digits={digits}
              transposed={transposed}
              marked={isWeight(term) && traced.layerId === layerId ? traced : undefined}
              onPick={isWeight(term) ? (row, column) => onTrace({ layerId, row, column }) : undefined}
            />
          ) : (
            <span key={i} class="sign">
              {sign}
            </span>
          ),
        )}
      </div>
      {check && (
        <p class="check small" data-testid="check" data-value={check.relativeError}>
          {check.relativeError < agreement ? <Icon name="check" class="okc" /> : <Icon name="warning" class="warnc" />}{' '}
          {check.relativeError < agreement ? t('Central differences agree') : t('Central differences differ')}
          {t(': relative difference {0}', figureText(check.relativeError, 2))}
        </p>
      )}
    </div>
  );
}
