import type { Figure } from '../../engine/protocol/explanation.ts';
import { t } from '../kit/language.ts';
import { figureText } from '../kit/numberText.ts';

interface MatrixProps {
  readonly figure: Figure;
  readonly caption: string;
  readonly digits: number;
  readonly transposed?: boolean;
  /** An entry that is outlined, as the figure has it. */
  readonly marked?: { readonly row: number; readonly column: number } | undefined;
  readonly onPick?: ((row: number, column: number) => void) | undefined;
}

/** A matrix in its brackets, with its symbol and shape below; entries by sign and size. */
export function Matrix({ figure, caption, digits, transposed = false, marked, onPick }: MatrixProps) {
  const shown = transposed ? transpose(figure) : figure;
  const { rows, columns, values } = shown;
  const largest = Math.max(...values.flat().map(Math.abs), 0);
  const moreColumns = (values[0]?.length ?? 0) < columns;
  const isMarked = (row: number, column: number) =>
    marked !== undefined &&
    (transposed ? marked.row === column && marked.column === row : marked.row === row && marked.column === column);
  return (
    <figure class="matrix">
      <div class="brackets">
        <table aria-label={t('{0}, {1} by {2}', caption, rows, columns)}>
          <tbody>
            {values.map((line, row) => (
              <tr key={row}>
                {line.map((value, column) => (
                  <td
                    key={column}
                    class={`${isMarked(row, column) ? 'marked' : ''}${onPick ? ' pick' : ''}`}
                    style={{ background: colorOf(value, largest) }}
                    title={String(value)}
                    onClick={onPick && (() => (transposed ? onPick(column, row) : onPick(row, column)))}
                  >
                    {figureText(value, digits)}
                  </td>
                ))}
                {moreColumns && <td class="more">…</td>}
              </tr>
            ))}
            {values.length < rows && (
              <tr>
                <td class="more">⋮</td>
              </tr>
            )}
          </tbody>
        </table>
      </div>
      <figcaption>
        <span class="math">{caption}</span> {rows} × {columns}
      </figcaption>
    </figure>
  );
}

function transpose({ rows, columns, values }: Figure): Figure {
  return {
    rows: columns,
    columns: rows,
    values: (values[0] ?? []).map((_, column) => values.map(line => line[column] ?? 0)),
  };
}

/** A tint of the sign's colour, weak enough to be read on. */
function colorOf(value: number, largest: number): string {
  const share = largest > 0 ? Math.round((30 * Math.abs(value)) / largest) : 0;
  return `color-mix(in srgb, var(--${value >= 0 ? 'positive' : 'negative'}) ${share}%, var(--zero))`;
}
