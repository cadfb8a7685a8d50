import type { DiagnosisCode } from '../model/issues.ts';
import type { GradientsEvent, LayerGradient } from './events.ts';

/** What a layer's gradient says about it, in one word. */
export type LayerVerdict = 'healthy' | 'weak' | 'vanished' | 'exploding' | 'dead' | 'saturated' | 'zero';

/** A gradient below this share of the last layer's has vanished; below the second it is weak. */
const vanishedShare = 1e-3;
const weakShare = 0.04;
/** A gradient that is so many times that of the last layer explodes on its way back. */
const explodedRatio = 1e3;
/** So much of a layer may be dead; and saturated, which a network that is sure of itself is to a good part. */
const deadLimit = 0.5;
const saturatedLimit = 0.8;
/** A run is judged by the medians of its last samples, once there are enough of them: one batch proves nothing. */
const judgedSamples = 15;
const fewestSamples = 3;

/** The verdict of each layer of one sample, in its order. The last layer's outputs may well be sure of themselves. */
export function layerVerdicts(layers: readonly LayerGradient[]): LayerVerdict[] {
  const last = layers.at(-1)?.weightGradientNorm ?? 0;
  return layers.map((layer, i) => {
    const { weightGradientNorm: norm, weightNorm, deadShare = 0, saturatedShare = 0 } = layer;
    if (weightNorm === 0 && norm === 0) return 'zero';
    if (i < layers.length - 1) {
      if (deadShare > deadLimit) return 'dead';
      if (saturatedShare > saturatedLimit) return 'saturated';
    }
    if (last === 0) return 'healthy';
    if (norm > explodedRatio * last) return 'exploding';
    if (norm < vanishedShare * last) return 'vanished';
    return norm < weakShare * last ? 'weak' : 'healthy';
  });
}

/** What is wrong with a network that trains, or trained. */
export interface NetworkVerdict {
  readonly code: DiagnosisCode;
  readonly title: string;
  /** The layer that shows it best. */
  readonly layerId: string;
  readonly message: string;
}

const codes = {
  zero: 'zero-weights',
  dead: 'dead-units',
  saturated: 'saturated-units',
  exploding: 'exploding-gradient',
  vanished: 'vanishing-gradient',
} as const satisfies Partial<Record<LayerVerdict, DiagnosisCode>>;
type Illness = keyof typeof codes;
/** What explains another comes before it. */
const illnesses: readonly Illness[] = ['zero', 'dead', 'saturated', 'exploding', 'vanished'];

/**
 * The verdict over the samples of a run, oldest first: what holds for the medians of the last ones. A layer that is dead
 * or saturated explains a gradient that vanishes before it, so it is named first. Undefined for a healthy network.
 */
export function networkVerdict(
  samples: readonly GradientsEvent[],
  { fewest = fewestSamples } = {},
): NetworkVerdict | undefined {
  if (samples.length < fewest) return undefined;
  const layers = medians(samples.slice(-judgedSamples));
  const verdicts = layerVerdicts(layers);
  for (const verdict of illnesses) {
    const index = verdicts.indexOf(verdict);
    const layer = layers[index];
    if (layer)
      return {
        code: codes[verdict],
        layerId: layer.layerId,
        ...words(verdict, layers, index, sinceOf(samples, index)),
      };
  }
  return undefined;
}

/** Each layer of the latest sample with the medians of what the samples say of it. */
function medians(samples: readonly GradientsEvent[]): LayerGradient[] {
  const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
  return (samples.at(-1)?.layers ?? []).map((layer, i) => {
    const seen = samples.flatMap(({ layers }) => layers[i] ?? []);
    return {
      ...layer,
      weightGradientNorm: median(seen.map(({ weightGradientNorm }) => weightGradientNorm)),
      ...(layer.deadShare !== undefined && { deadShare: median(seen.map(({ deadShare = 0 }) => deadShare)) }),
      ...(layer.saturatedShare !== undefined && {
        saturatedShare: median(seen.map(({ saturatedShare = 0 }) => saturatedShare)),
      }),
    };
  });
}

/** Steps for which the layer has not been healthy. */
function sinceOf(samples: readonly GradientsEvent[], index: number): number {
  const before = samples.findLastIndex(({ layers }) => layerVerdicts(layers)[index] === 'healthy');
  return (samples.at(-1)?.step ?? 0) - (samples[before + 1]?.step ?? samples.at(-1)?.step ?? 0);
}

function words(
  verdict: Illness,
  layers: readonly LayerGradient[],
  index: number,
  steps: number,
): Pick<NetworkVerdict, 'title' | 'message'> {
  const layer = layers[index];
  const last = layers.at(-1);
  if (!layer || !last) return { title: '', message: '' };
  const share = (value = 0) => `${String(Math.round(value * 100))} %`;
  const lasting = steps > 0 ? `, for ${steps.toLocaleString('en-US')} steps now` : '';
  const name = `"${layer.layerId}"`;
  switch (verdict) {
    case 'zero':
      return {
        title: 'Weights that stay at 0',
        message: `The weights of ${name} are all 0 and so is their gradient${lasting}. Only biases can learn.`,
      };
    case 'dead':
      return {
        title: 'Dead units',
        message: `${share(layer.deadShare)} of the nodes of ${name} answer 0 to every row${lasting}. No gradient passes them, so they cannot recover.`,
      };
    case 'saturated':
      return {
        title: 'Saturated units',
        message: `${share(layer.saturatedShare)} of the answers of ${name} lie where its curve is flat${lasting}. Hardly any gradient passes them.`,
      };
    case 'exploding':
      return {
        title: 'Exploding gradient',
        message: `The gradient of ${name} is ${times(layer.weightGradientNorm, last.weightGradientNorm)} times larger than that of "${last.layerId}"${lasting}. Its steps overshoot.`,
      };
    case 'vanished': {
      const count = layerVerdicts(layers).filter(other => other === 'vanished' || other === 'weak').length;
      const hardly = count === 1 ? 'It hardly learns.' : `${String(count)} layers hardly learn.`;
      return {
        title: 'Vanishing gradient',
        message: `The gradient of ${name} is ${times(last.weightGradientNorm, layer.weightGradientNorm)} times smaller than that of "${last.layerId}"${lasting}. ${hardly}`,
      };
    }
  }
}

/** `4,000`; infinitely often where the smaller one is 0. */
function times(larger: number, smaller: number): string {
  if (smaller === 0) return 'infinitely many';
  const ratio = larger / smaller;
  return ratio > 1e9
    ? ratio.toExponential(0).replace('e+', '·10^')
    : Number(ratio.toPrecision(1)).toLocaleString('en-US');
}
