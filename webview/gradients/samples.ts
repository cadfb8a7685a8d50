import type { GradientsEvent, LayerGradient } from '../../engine/protocol/events.ts';

/** Samples kept for the sparklines. */
const keptSamples = 100;

/** A layer and how its gradient went lately. */
export interface LayerHistory {
  readonly latest: LayerGradient;
  /** ‖∂L/∂W‖₂ of the last samples, oldest first. */
  readonly norms: readonly number[];
}

/** The histories with one more sample; layers that are gone are forgotten. */
export function withSample(histories: readonly LayerHistory[], sample: GradientsEvent): LayerHistory[] {
  return sample.layers.map(latest => {
    const before = histories.find(history => history.latest.layerId === latest.layerId)?.norms ?? [];
    return { latest, norms: [...before, latest.weightGradientNorm].slice(-keptSamples) };
  });
}

/** Decades that every sparkline shows, so that layers can be compared by eye. */
export interface Decades {
  readonly low: number;
  readonly high: number;
}

/** The decades that hold every norm of every layer; norms of 0 have no place there. */
export function decadesOf(histories: readonly LayerHistory[]): Decades {
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
