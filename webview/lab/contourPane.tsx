import { useMemo, useRef, useState } from 'preact/hooks';
import type { Point } from '../../engine/model/surfaceTable.ts';
import { t } from '../kit/language.ts';
import { figureText } from '../kit/numberText.ts';
import type { ColorOf } from '../kit/themeColors.ts';
import { drawWays, markerPath } from './drawing.ts';
import type { Lab } from './lab.ts';
import { frameIn, summaryOf, ticksOf, toPixel, toPoint, waysAt, type PlaneFrame } from './picture.ts';
import type { Relief } from './relief.ts';
import { entrantsOf, minimaOf, noiseBallOf, surfaceTitle, type Entrant, type LabState } from './state.ts';
import { isCalm, useCanvas, type PictureSize } from './useCanvas.ts';

interface ContourPaneProps {
  readonly lab: Lab;
  readonly state: LabState;
  readonly relief: Relief;
  readonly colorOf: ColorOf;
}

/** The surface from above, with lines of equal height. A click, or the arrow keys and Enter, start the race elsewhere. */
export function ContourPane({ lab, state, relief, colorOf }: ContourPaneProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const frame = useRef<PlaneFrame>(undefined);
  const [cursor, setCursor] = useState<Point | undefined>();
  const { playback } = lab;
  const isRace = state.mode === 'surface';
  const background = useMemo(() => new BackgroundPicture(), []);
  const entrants = entrantsOf(state);

  useCanvas(canvas, playback, (context, size) => {
    const plane = frameIn(relief.grid.domain, size.width, size.height);
    frame.current = plane;
    context.drawImage(background.of(relief, plane, size, colorOf), 0, 0, size.width, size.height);
    context.save();
    context.beginPath();
    context.rect(plane.left, plane.top, plane.width, plane.height);
    context.clip();
    if (isRace) drawMarks(context, plane, state, entrants, colorOf);
    drawWays(
      context,
      waysAt({
        state,
        entrants,
        playback,
        relief,
        project: (x, y) => toPixel(plane, x, y),
        colorOf,
        calm: isCalm(),
      }),
      colorOf('--bg'),
      false,
    );
    if (cursor) drawCursor(context, plane, cursor, colorOf);
    context.restore();
  });

  const start = (at: Point | undefined, onlySelected: boolean) => {
    if (at && isRace) lab.startAt([rounded(at[0]), rounded(at[1])], onlySelected);
  };
  const onKey = (event: KeyboardEvent) => {
    const { x, y } = relief.grid.domain;
    const [dx, dy] = directions[event.key] ?? [0, 0];
    if (dx !== 0 || dy !== 0) {
      event.preventDefault();
      const [a, b] = cursor ?? state.setup.start;
      const share = event.shiftKey ? 0.1 : 0.02;
      setCursor([
        Math.min(x[1], Math.max(x[0], a + dx * share * (x[1] - x[0]))),
        Math.min(y[1], Math.max(y[0], b + dy * share * (y[1] - y[0]))),
      ]);
    } else if (event.key === 'Enter') start(cursor, event.altKey);
    else if (event.key === 'Escape') setCursor(undefined);
  };

  return (
    <section class="pane contour" aria-label={t('Contour')}>
      <header>
        <span class="title">{t('Contour')}</span>
        {isRace && <span class="muted small hint">{t('click to start there, with Alt only the selected one')}</span>}
        {isRace && cursor && (
          <span class="small" aria-live="polite">
            {t('({0}, {1}) · Enter starts here', figureText(cursor[0]), figureText(cursor[1]))}
          </span>
        )}
      </header>
      <canvas
        ref={canvas}
        role="img"
        tabIndex={0}
        aria-label={`${summaryOf(
          isRace ? t('Contour of {0}', surfaceTitle(state.setup)) : t('Contour of the loss of the network'),
          entrants,
          playback.step,
          figureText,
        )}${isRace ? ` ${t('Arrow keys move a cross, Enter starts the race from it.')}` : ''}`}
        data-testid="contour"
        onClick={event => {
          if (frame.current) start(toPoint(frame.current, [event.offsetX, event.offsetY]), event.altKey);
        }}
        onKeyDown={onKey}
        onBlur={() => setCursor(undefined)}
      />
    </section>
  );
}

const directions: Readonly<Record<string, Point>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

const rounded = (value: number): number => Number(value.toPrecision(4));

/** What does not move: bands, lines and ticks, drawn once for each surface, size and theme. */
class BackgroundPicture {
  readonly #canvas = document.createElement('canvas');
  #key: readonly unknown[] = [];

  of(relief: Relief, plane: PlaneFrame, { width, height, ratio }: PictureSize, colorOf: ColorOf): HTMLCanvasElement {
    const key = [relief, width, height, ratio, colorOf];
    if (key.every((part, i) => part === this.#key[i])) return this.#canvas;
    this.#key = key;
    [this.#canvas.width, this.#canvas.height] = [Math.round(width * ratio), Math.round(height * ratio)];
    const context = this.#canvas.getContext('2d');
    if (!context) return this.#canvas;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    drawBands(context, relief, plane, colorOf);
    drawTicks(context, plane, colorOf);
    return this.#canvas;
  }
}

function drawBands(context: CanvasRenderingContext2D, relief: Relief, plane: PlaneFrame, colorOf: ColorOf): void {
  const [low, high, line] = [colorOf('--relief-0'), colorOf('--relief-1'), colorOf('--fg')];
  context.save();
  context.beginPath();
  context.rect(plane.left, plane.top, plane.width, plane.height);
  context.clip();
  relief.levels.forEach(({ shade, rings }, i) => {
    const path = new Path2D();
    for (const ring of rings)
      ring.forEach(([x, y], k) => {
        const pixel = toPixel(plane, x, y);
        if (k === 0) path.moveTo(...pixel);
        else path.lineTo(...pixel);
      });
    context.fillStyle = `color-mix(in srgb, ${high} ${Math.round(100 * shade ** 1.1)}%, ${low})`;
    context.fill(path, 'evenodd');
    context.globalAlpha = i % 4 === 0 ? 0.3 : 0.14;
    context.strokeStyle = line;
    context.lineWidth = 0.8;
    context.stroke(path);
    context.globalAlpha = 1;
  });
  context.restore();
}

function drawTicks(context: CanvasRenderingContext2D, plane: PlaneFrame, colorOf: ColorOf): void {
  context.fillStyle = colorOf('--muted');
  context.font = `10px ${getComputedStyle(document.body).fontFamily}`;
  const text = (value: number) => figureText(value);
  context.textAlign = 'center';
  for (const x of ticksOf(plane.domain.x))
    context.fillText(text(x), toPixel(plane, x, 0)[0], plane.top + plane.height + 14);
  context.textAlign = 'right';
  for (const y of ticksOf(plane.domain.y)) context.fillText(text(y), plane.left - 6, toPixel(plane, 0, y)[1] + 3.5);
}

/** Minima, the start, and the rings in which noise comes to rest. */
function drawMarks(
  context: CanvasRenderingContext2D,
  plane: PlaneFrame,
  { setup }: LabState,
  entrants: readonly Entrant[],
  colorOf: ColorOf,
): void {
  context.strokeStyle = colorOf('--fg');
  context.lineWidth = 1.4;
  for (const minimum of minimaOf(setup)) {
    const [x, y] = toPixel(plane, ...minimum);
    context.stroke(new Path2D(`M${x - 5} ${y}h10M${x} ${y - 5}v10`));
  }
  const [x, y] = toPixel(plane, ...setup.start);
  context.fillStyle = colorOf('--bg');
  const start = new Path2D(markerPath('circle', x, y, 4));
  context.fill(start);
  context.stroke(start);
  for (const { racer, series, hidden } of entrants) {
    const radius = hidden ? undefined : noiseBallOf(setup, racer);
    if (radius === undefined) continue;
    const [left, top] = toPixel(plane, -radius, radius);
    const [right, bottom] = toPixel(plane, radius, -radius);
    context.strokeStyle = colorOf(series.color);
    context.setLineDash([...series.dash]);
    context.beginPath();
    context.ellipse((left + right) / 2, (top + bottom) / 2, (right - left) / 2, (bottom - top) / 2, 0, 0, 2 * Math.PI);
    context.stroke();
    context.setLineDash([]);
  }
}

function drawCursor(context: CanvasRenderingContext2D, plane: PlaneFrame, at: Point, colorOf: ColorOf): void {
  const [x, y] = toPixel(plane, ...at);
  context.strokeStyle = colorOf('--focus');
  context.lineWidth = 2;
  context.stroke(new Path2D(`M${x - 9} ${y}h18M${x} ${y - 9}v18`));
}
