import type { DataDescription } from '../../engine/protocol/trainer.ts';
import { t } from '../kit/language.ts';

const signs = ['--negative', '--positive'];
const series = ['--o-momentum', '--o-adam', '--o-rmsprop', '--o-adagrad', '--o-adamw', '--o-nesterov', '--o-sgd'];

/** The colour of a class: the pair of signs for two, the colours of series for more. */
export const classColor = (index: number, classes: number): string =>
  (classes === 2 ? signs[index] : series[index % series.length]) ?? '--fg';

/** The training rows by their first two features; a regression of one feature as its curve. */
export function Preview({ data, size }: { readonly data: DataDescription; readonly size: number }) {
  return (
    <g aria-hidden="true">
      <rect width={size} height={size} rx="3" fill="var(--zero)" />
      {previewPaths(data, size).map(({ color, path }) => (
        <path key={color} d={path} fill={`var(${color})`} />
      ))}
    </g>
  );
}

/** One path a colour. A class 0 is of squares, the others are of discs: colour is not the only sign. */
export function previewPaths(
  { preview, classes }: Pick<DataDescription, 'preview' | 'classes'>,
  size: number,
): { readonly color: string; readonly path: string }[] {
  const [minX, maxX] = range(preview.map(point => point.x));
  const [minY, maxY] = range(preview.map(point => point.y));
  const [minValue, maxValue] = range(preview.map(point => point.value));
  const inner = size - 8;
  const paths = new Map<string, string>();
  for (const { x, y, value } of preview) {
    const px = (4 + ((x - minX) / (maxX - minX)) * inner).toFixed(1);
    const py = (4 + inner - ((y - minY) / (maxY - minY)) * inner).toFixed(1);
    const isClass = classes.length > 0;
    const color = isClass
      ? classColor(value, classes.length)
      : (signs[value > (minValue + maxValue) / 2 ? 1 : 0] ?? '--fg');
    const shape = isClass && value === 0 ? 'm-1.3-1.3h2.6v2.6h-2.6z' : 'm-1.5 0a1.5 1.5 0 1 0 3 0a1.5 1.5 0 1 0-3 0z';
    paths.set(color, `${paths.get(color) ?? ''}M${px} ${py}${shape}`);
  }
  return [...paths].map(([color, path]) => ({ color, path }));
}

/** Smallest and largest, never equal. */
function range(values: readonly number[]): [number, number] {
  const min = Math.min(...values);
  const max = Math.max(...values);
  return max > min ? [min, max] : [min - 1, max + 1];
}

interface BalanceBarProps {
  readonly data: Pick<DataDescription, 'classes' | 'balance'>;
  readonly width: number;
}

/** The share of each class, side by side. */
export function BalanceBar({ data: { classes, balance }, width }: BalanceBarProps) {
  const total = balance.reduce((sum, rows) => sum + rows, 0);
  let x = 0;
  return (
    <g aria-hidden="true">
      {balance.map((rows, i) => {
        const share = total > 0 ? (rows / total) * width : 0;
        const left = x;
        x += share;
        return (
          <rect
            key={classes[i]}
            x={left}
            width={Math.max(0, share - 1)}
            height="5"
            fill={`var(${classColor(i, classes.length)})`}
          >
            <title>{t('{0}: {1} rows', classes[i] ?? '', rows)}</title>
          </rect>
        );
      })}
    </g>
  );
}
