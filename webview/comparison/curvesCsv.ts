import type { Comparison } from './state.ts';

const columns = ['step', 'epoch', 'seconds', 'trainLoss', 'validationLoss', 'quality'] as const;

/** Every point of every run with full precision: a row a point. */
export function curvesCsv({ cells, contestants }: Pick<Comparison, 'cells' | 'contestants'>): string {
  const rows = cells.flatMap(({ variant, seed, points }) =>
    points.map(point => [contestants[variant]?.name ?? '', seed, ...columns.map(name => point[name] ?? '')]),
  );
  return [['optimizer', 'seed', ...columns], ...rows].map(cells => cells.join(',')).join('\n') + '\n';
}
