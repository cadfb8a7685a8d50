import { useState } from 'preact/hooks';
import type { StepExplanation } from '../../engine/protocol/explanation.ts';
import { Icon } from '../kit/button.tsx';
import { t } from '../kit/language.ts';
import { figureText } from '../kit/numberText.ts';
import type { ChainNode } from './backwardReader.ts';
import { chainRule, type TracedWeight } from './chainRule.ts';
import { Notation, subscript } from './formulas.ts';

interface TraceProps {
  readonly explanation: StepExplanation;
  readonly traced: TracedWeight;
  readonly digits: number;
  readonly onTrace: (traced: TracedWeight) => void;
}

/** One weight through the whole step: its value, its chain rule, and the difference that checks it. */
export function TracePane({ explanation, traced, digits, onTrace }: TraceProps) {
  const { layers, operations } = explanation;
  const { layerId, row, column } = traced;
  const notation = new Notation(explanation);
  const dense = layers.filter(({ type }) => type === 'dense');
  const update = operations.find(
    each => each.layerId === layerId && each.kind === 'update' && each.parameter === 'weight',
  );
  const figureOf = (role: string) =>
    [...(update?.operands ?? []), ...(update?.result ?? [])].find(term => term.role === role)?.figure;
  const [before, after] = [figureOf('before'), figureOf('after')];
  const check = operations.find(
    each => each.layerId === layerId && each.check && (each.kind === 'penalty' || each.kind === 'weightGradient'),
  )?.check;
  const difference = check?.figure.values[row]?.[column];
  const node = chainRule(explanation, traced);
  const name = `W${subscript(notation.numberOf(layerId))}[${row + 1}, ${column + 1}]`;
  const choose = (label: string, value: number, count: number, pick: (value: number) => void) => (
    <label>
      {label}{' '}
      <select value={value} onChange={event => pick(Number(event.currentTarget.value))}>
        {Array.from({ length: count }, (_, i) => (
          <option key={i} value={i}>
            {i + 1}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <section class="trace" aria-label={t('One weight')}>
      <div>
        <h2 class="h">{t('One weight')}</h2>
        <p class="choose">
          <label>
            {t('Layer')}{' '}
            <select
              value={layerId}
              onChange={event => onTrace({ layerId: event.currentTarget.value, row: 0, column: 0 })}
              data-testid="trace-layer"
            >
              {dense.map(layer => (
                <option key={layer.layerId} value={layer.layerId}>
                  {layer.layerId}
                </option>
              ))}
            </select>
          </label>
          {choose(t('node'), row, before?.values.length ?? 1, next => onTrace({ ...traced, row: next }))}
          {choose(t('input'), column, before?.values[0]?.length ?? 1, next => onTrace({ ...traced, column: next }))}
        </p>
        <p>
          <span class="math">{name}</span> = <b>{figureText(before?.values[row]?.[column] ?? 0, digits)}</b> →{' '}
          <b>{figureText(after?.values[row]?.[column] ?? 0, digits)}</b>
        </p>
      </div>
      <div data-testid="chain">
        <h2 class="h">{t('Chain rule')}</h2>
        {node && <Chain node={node} digits={digits} open />}
      </div>
      <div>
        <h2 class="h">{t('Check by difference')}</h2>
        <p>
          <span class="math">[L(w + h) − L(w − h)] / 2h</span> = <b>{figureText(difference ?? 0, 6)}</b>
        </p>
        {check && difference !== undefined && (
          <p class="small">
            <Icon name="check" class="okc" />{' '}
            {t('beside ∂L/∂w = {0}', figureText(gradientOf(explanation, traced) ?? 0, 6))}
          </p>
        )}
      </div>
    </section>
  );
}

/** The whole gradient of a weight, penalties included. */
function gradientOf({ operations }: StepExplanation, { layerId, row, column }: TracedWeight): number | undefined {
  const last = operations.findLast(
    each => each.layerId === layerId && (each.kind === 'penalty' || each.kind === 'weightGradient'),
  );
  return last?.result[0]?.figure.values[row]?.[column];
}

interface ChainProps {
  readonly node: ChainNode;
  readonly digits: number;
  readonly open?: boolean;
}

/** A number that opens into those it is made of. */
function Chain({ node: { symbol, value, rule, parts }, digits, open = false }: ChainProps) {
  const [shown, setShown] = useState(open);
  const line = (
    <>
      <span class="math">{symbol}</span> = <b>{figureText(value, digits)}</b> <span class="muted">{rule}</span>
    </>
  );
  if (!parts) return <div class="leaf">{line}</div>;
  return (
    <details open={open} onToggle={event => setShown(event.currentTarget.open)}>
      <summary>{line}</summary>
      {shown && parts().map(part => <Chain key={part.symbol} node={part} digits={digits} />)}
    </details>
  );
}
