import type { SettingValue } from '../../engine/model/experiments/variant.ts';
import { pathText } from '../../engine/model/issues.ts';
import type { ExperimentRecord } from '../../engine/protocol/experiment.ts';
import type { Standing } from '../../engine/protocol/standings.ts';
import { valueText } from './axes.ts';

/** One combination and how it did. */
export interface SweepRow {
  readonly standing: Standing;
  /** In the order of the paths. */
  readonly values: readonly (SettingValue | undefined)[];
  /** `optimizer.learningRate 0.01, training.batchSize 8` */
  readonly text: string;
}

/** The fields that vary, and the combinations that came to a result, the best first. */
export function sweepRows(
  { variants }: ExperimentRecord,
  ranking: readonly Standing[],
): { readonly paths: readonly string[]; readonly rows: readonly SweepRow[] } {
  const paths = [...new Set(variants.flatMap(({ settings }) => settings.map(({ path }) => pathText(path))))];
  const rows = ranking.map(standing => {
    const settings = variants[standing.variant]?.settings ?? [];
    const values = paths.map(name => settings.find(({ path }) => pathText(path) === name)?.value);
    return { standing, values, text: paths.map((path, i) => `${path} ${valueText(values[i])}`).join(', ') };
  });
  return { paths, rows };
}

/** The results with full precision: a row a combination. */
export function sweepCsv(paths: readonly string[], rows: readonly SweepRow[]): string {
  const cell = (value: unknown) => {
    const text = typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
    return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const header = [...paths, 'bestLoss', 'bestEpoch', 'finalLoss', 'quality', 'seconds', 'runs', 'lost'];
  const lines = rows.map(({ values, standing: { bestLoss, bestEpoch, finalLoss, quality, seconds, runs, lost } }) => [
    ...values,
    ...[bestLoss.mean, bestEpoch, finalLoss?.mean, quality?.mean, seconds, runs, lost],
  ]);
  return [header, ...lines].map(cells => cells.map(cell).join(',')).join('\n') + '\n';
}
