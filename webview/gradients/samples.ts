import type { GradientsEvent } from '../../engine/protocol/events.ts';
import { layerVerdicts, type LayerVerdict } from '../../engine/protocol/verdicts.ts';
import type { LayerGradient } from '../../engine/protocol/events.ts';

/** Samples that a sparkline draws. */
const shownSamples = 100;

/** A layer as the shown sample has it, and how its gradient went until then. */
export interface LayerHistory {
  readonly shown: LayerGradient;
  readonly verdict: LayerVerdict;
  /** ‖∂L/∂W‖₂ of the last samples, oldest first. */
  readonly norms: readonly number[];
}

/** The layers of the sample at `index`; a layer that is gone by then is forgotten. */
export function historiesAt(samples: readonly GradientsEvent[], index: number): LayerHistory[] {
  const sample = samples[index];
  if (!sample) return [];
  const verdicts = layerVerdicts(sample.layers);
  const past = samples.slice(Math.max(0, index + 1 - shownSamples), index + 1);
  return sample.layers.map((shown, i) => ({
    shown,
    verdict: verdicts[i] ?? 'healthy',
    norms: past.flatMap(({ layers }) => {
      const same = layers.find(({ layerId }) => layerId === shown.layerId);
      return same ? [same.weightGradientNorm] : [];
    }),
  }));
}

/** Decades that every sparkline shows, so that layers can be compared by eye. */
export interface Decades {
  readonly low: number;
  readonly high: number;
}

/** The decades that hold every norm of every layer; norms of 0 have no place there. */
export function decadesOf(histories: readonly Pick<LayerHistory, 'norms'>[]): Decades {
  const logs = histories.flatMap(({ norms }) => norms.filter(norm => norm > 0).map(norm => Math.log10(norm)));
  if (logs.length === 0) return { low: -1, high: 0 };
  const low = Math.floor(Math.min(...logs));
  return { low, high: Math.max(Math.ceil(Math.max(...logs)), low + 1) };
}

/** Height 0 … 1 of a norm within the decades. */
export function heightOf(norm: number, { low, high }: Decades): number {
  return norm > 0 ? Math.min(1, Math.max(0, (Math.log10(norm) - low) / (high - low))) : 0;
}

/** An update of about a thousandth of the weight is what usually learns well. */
export const healthyRatio = { low: 3e-4, high: 1e-2 } as const;
const shownRatio: Decades = { low: -7, high: 0 };

/** Position 0 … 1 of an update ratio on its scale of seven decades. */
export const ratioPosition = (ratio: number): number => heightOf(ratio, shownRatio);
