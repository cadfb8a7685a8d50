import { useState } from 'preact/hooks';
import type { LayerGradient, MatrixPicture } from '../../engine/protocol/events.ts';
import { IconButton } from '../kit/button.tsx';
import { t } from '../kit/language.ts';
import { figureText } from '../kit/numberText.ts';
import type { GradientsHost } from './state.ts';

interface PaneProps {
  readonly layer: LayerGradient;
  readonly host: GradientsHost;
  /** Whether the newest sample is shown; older ones have no matrices. */
  readonly latest: boolean;
}

type Shown = 'weightGradient' | 'weight';
const symbols: Record<Shown, string> = { weightGradient: '∂L/∂W', weight: 'W' };

/** The weights of the selected layer, or their gradients, entry by entry. */
export function MatrixPane({ layer, host, latest }: PaneProps) {
  const { layerId, matrices } = layer;
  const [shown, setShown] = useState<Shown>('weightGradient');
  const matrix = matrices?.[shown];
  return (
    <section class="matrix" aria-label={t('Weights of {0}', layerId)}>
      <header>
        <span class="title">{layerId}</span>
        <div class="switch" role="group" aria-label={t('Which numbers')}>
          {(['weightGradient', 'weight'] as const).map(name => (
            <button
              key={name}
              type="button"
              class={`btn math${name === shown ? ' on' : ''}`}
              aria-pressed={name === shown}
              onClick={() => setShown(name)}
            >
              {symbols[name]}
            </button>
          ))}
        </div>
        {matrix && (
          <span class="muted">
            [{matrix.rows}, {matrix.columns}]
          </span>
        )}
        <span class="grow" />
        <IconButton
          icon="go-to-file"
          label={t('Show in the designer')}
          onPress={() => void host.revealLayer.asEvent(layerId)}
        />
      </header>
      {matrix ? (
        <HeatMap matrix={matrix} symbol={symbols[shown]} />
      ) : (
        <p class="note">
          {latest
            ? t('Its numbers come with the next sample of a run.')
            : t('Matrices are kept of the latest sample only.')}
        </p>
      )}
    </section>
  );
}

const mapWidth = 216;
/** Entries smaller than this cannot be pointed at. */
const smallestCell = 3;
const largestCell = 18;

interface Place {
  readonly row: number;
  readonly column: number;
}

const moves: Readonly<Record<string, Place>> = {
  ArrowUp: { row: -1, column: 0 },
  ArrowDown: { row: 1, column: 0 },
  ArrowLeft: { row: 0, column: -1 },
  ArrowRight: { row: 0, column: 1 },
};

/** Entries by sign and size; the one pointed at, or reached by the arrows, with its exact value. */
function HeatMap({ matrix, symbol }: { readonly matrix: MatrixPicture; readonly symbol: string }) {
  const { values } = matrix;
  const [place, setPlace] = useState<Place>({ row: 0, column: 0 });
  const rows = values.length;
  const columns = values[0]?.length ?? 0;
  const cell = Math.max(smallestCell, Math.min(largestCell, Math.floor(mapWidth / Math.max(1, columns))));
  const largest = Math.max(...values.flat().map(Math.abs));
  const row = Math.min(place.row, rows - 1);
  const column = Math.min(place.column, columns - 1);
  const value = values[row]?.[column] ?? 0;
  const cropped = rows < matrix.rows || columns < matrix.columns;
  return (
    <>
      <div
        class="map"
        role="group"
        tabIndex={0}
        aria-label={t('{0}, {1} by {2}. Arrows move from entry to entry.', symbol, matrix.rows, matrix.columns)}
        onKeyDown={event => {
          const move = moves[event.key];
          if (!move) return;
          event.preventDefault();
          setPlace({
            row: Math.max(0, Math.min(rows - 1, row + move.row)),
            column: Math.max(0, Math.min(columns - 1, column + move.column)),
          });
        }}
        onPointerMove={event => {
          const box = event.currentTarget.getBoundingClientRect();
          setPlace({
            row: Math.max(0, Math.min(rows - 1, Math.floor((event.clientY - box.top) / cell))),
            column: Math.max(0, Math.min(columns - 1, Math.floor((event.clientX - box.left) / cell))),
          });
        }}
      >
        <svg width={columns * cell} height={rows * cell} aria-hidden="true" data-testid="heat-map">
          {values.map((line, r) =>
            line.map((entry, c) => (
              <rect
                key={`${r} ${c}`}
                x={c * cell}
                y={r * cell}
                width={cell - (cell > 6 ? 1 : 0)}
                height={cell - (cell > 6 ? 1 : 0)}
                style={{ fill: colorOf(entry, largest) }}
              />
            )),
          )}
          <rect class="pointer" x={column * cell - 0.5} y={row * cell - 0.5} width={cell} height={cell} />
        </svg>
      </div>
      <p class="entry" aria-live="polite">
        <span class="math">{symbol}</span>
        <span class="muted">
          [{row + 1}, {column + 1}]
        </span>{' '}
        <b data-testid="entry" data-value={value}>
          {value > 0 ? '+' : ''}
          {figureText(value, 6)}
        </b>
        <span class="muted"> {t('of ±{0}', figureText(largest))}</span>
      </p>
      <p class="note">
        {t('Rows are the layer’s nodes, columns what they see.')}
        {cropped && ` ${t('The first {0} × {1} of {2} × {3} are drawn.', rows, columns, matrix.rows, matrix.columns)}`}
      </p>
    </>
  );
}

/** Blue above 0, orange below, like the background at 0. */
function colorOf(value: number, largest: number): string {
  const share = largest > 0 ? Math.round((100 * Math.abs(value)) / largest) : 0;
  return `color-mix(in srgb, var(--${value >= 0 ? 'positive' : 'negative'}) ${share}%, var(--zero))`;
}
