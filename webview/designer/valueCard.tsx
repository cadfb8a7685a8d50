import { layerAt } from '../../engine/model/layerPaths.ts';
import type { Layer } from '../../engine/model/schema.ts';
import type { LayerSample } from '../../engine/protocol/networkSample.ts';
import { t } from '../kit/language.ts';
import type { Store } from '../kit/store.ts';
import { useStore } from '../kit/store.ts';
import type { Picture } from './geometry.ts';
import type { Hit } from './hitTest.ts';
import { samplesOf } from './liveColumns.ts';
import type { LiveState } from './state.ts';

interface ValueCardProps {
  readonly live: Store<LiveState>;
  readonly picture: Picture;
  readonly layers: readonly Layer[];
  readonly inputNames: readonly string[];
  readonly hit: Hit;
  readonly left: number;
  readonly top: number;
}

/** The exact values of a node or an edge, beside the pointer. */
export function ValueCard({ live, picture, layers, inputNames, hit, left, top }: ValueCardProps) {
  const { sample } = useStore(live);
  const own = samplesOf(picture, layers, sample)[hit.column];
  const title = titleOf(picture, layers, inputNames, hit);
  const rows = own ? valuesOf(picture, own, hit) : [];
  return (
    <div class="value-card" style={{ left: `${left}px`, top: `${top}px` }} data-testid="value-card">
      <div class="title">{title}</div>
      {rows.map(({ word, value }) => (
        <div key={word} class="value-row">
          <span class="muted">{word}</span>
          <span data-testid={`value-${word.replaceAll(' ', '-')}`}>{String(value).replace('-', '−')}</span>
        </div>
      ))}
      {rows.length === 0 && hit.column > 0 && <div class="note">{t('Train to see its values.')}</div>}
    </div>
  );
}

/** `x1 → hidden1[2]` for an edge, `hidden1[2]` for a node. */
export function titleOf(
  { columns }: Picture,
  layers: readonly Layer[],
  inputNames: readonly string[],
  { column, node, from }: Hit,
): string {
  const label = (at: number, unit: number | undefined) => {
    const drawn = columns[at];
    if (drawn?.kind === 'input') return inputNames[unit ?? 0] ?? `x${(unit ?? 0) + 1}`;
    return `${(drawn && layerAt(layers, drawn.path)?.id) ?? ''}[${(unit ?? 0) + 1}]`;
  };
  const to = label(column, node.unit);
  return from ? `${label(column - 1, from.unit)} → ${to}` : to;
}

interface Value {
  readonly word: string;
  readonly value: number;
}

/** What a sample says about a node or an edge, in full precision. */
export function valuesOf({ columns }: Picture, sample: LayerSample, { column, node, from }: Hit): Value[] {
  const indexOf = (at: number, wanted: typeof node) =>
    columns[at]?.nodes.filter(({ unit }) => unit !== undefined).findIndex(({ unit }) => unit === wanted.unit) ?? -1;
  const row = indexOf(column, node);
  const value = (word: string, values: readonly number[], index: number): Value[] => {
    const found = values[index];
    return found === undefined ? [] : [{ word, value: found }];
  };
  if (!from)
    return [
      ...value(t('mean activation'), sample.activations, row),
      ...value(t('bias'), sample.biases, row),
      ...value(t('bias gradient'), sample.biasGradients, row),
    ];
  const sources = columns[column - 1]?.nodes.filter(({ unit }) => unit !== undefined).length ?? 0;
  const index = row * sources + indexOf(column - 1, from);
  return [...value(t('weight'), sample.weights, index), ...value(t('weight gradient'), sample.weightGradients, index)];
}
