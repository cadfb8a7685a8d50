import { layerAt } from '../../engine/model/layerPaths.ts';
import type { Layer } from '../../engine/model/schema.ts';
import type { LayerSample, NetworkSample } from '../../engine/protocol/networkSample.ts';
import { t } from '../kit/language.ts';
import type { Picture } from './geometry.ts';
import type { Hit } from './hitTest.ts';
import { samplesOf } from './liveColumns.ts';

/** The network as it is drawn, in which a node or an edge can be named. */
export interface DrawnNetwork {
  readonly picture: Picture;
  readonly layers: readonly Layer[];
  readonly inputNames: readonly string[];
}

/** `x1 → hidden1[2]` for an edge, `hidden1[2]` for a node. */
export function titleOf(
  { picture: { columns }, layers, inputNames }: DrawnNetwork,
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

/** What a sample says about a node or an edge, in full precision; nothing where its layer has another shape by now. */
export function valuesAt({ picture, layers }: DrawnNetwork, sample: NetworkSample | undefined, hit: Hit): Value[] {
  const own = samplesOf(picture, layers, sample)[hit.column];
  return own ? valuesOf(picture, own, hit) : [];
}

/** The same of the sample of its layer. */
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
