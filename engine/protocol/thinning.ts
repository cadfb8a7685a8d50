import type { MetricsEvent } from './events.ts';

/**
 * Half of the metrics, spikes included: of every four that follow each other the two stay whose loss is the lowest and the
 * highest; the first and the last always do.
 */
export function thinned(metrics: readonly MetricsEvent[]): MetricsEvent[] {
  const last = metrics.length - 1;
  const kept: MetricsEvent[] = [];
  for (let i = 0; i <= last; i += 4) {
    const group = metrics.slice(i, i + 4);
    const extremes = new Set([extreme(group, Math.min), extreme(group, Math.max), i === 0 ? group[0] : undefined]);
    if (i + 3 >= last) extremes.add(metrics[last]);
    kept.push(...group.filter(event => extremes.has(event)));
  }
  return kept;
}

const lossOf = ({ validationLoss, trainLoss }: MetricsEvent): number => validationLoss ?? trainLoss;

const extreme = (group: readonly MetricsEvent[], choose: (...losses: number[]) => number): MetricsEvent | undefined => {
  const wanted = choose(...group.map(lossOf));
  return group.find(event => lossOf(event) === wanted);
};
