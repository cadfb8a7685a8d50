import type { Chart } from 'chart.js';
import { useState } from 'preact/hooks';

/** The part of the x axis that is shown. */
export interface ChartRange {
  readonly min: number;
  readonly max: number;
}

/** A smaller part than this share of the axis is not shown. */
const smallest = 1e-4;

/** The part around `center` that is `factor` times as wide, within the axis; undefined when it is all of it. */
export function zoomed(range: ChartRange, end: number, factor: number, center: number): ChartRange | undefined {
  const width = (range.max - range.min) * factor;
  if (width >= end) return undefined;
  const kept = Math.max(width, end * smallest);
  const share = (center - range.min) / (range.max - range.min || 1);
  return within(center - share * kept, kept, end);
}

/** The part moved by `distance`, within the axis. */
export const moved = ({ min, max }: ChartRange, end: number, distance: number): ChartRange =>
  within(min + distance, max - min, end);

function within(min: number, width: number, end: number): ChartRange {
  const start = Math.min(Math.max(0, min), Math.max(0, end - width));
  return { min: start, max: start + width };
}

interface ChartRef {
  readonly current: Chart<'line', { readonly x: number; readonly y: number }[]> | undefined;
}

/** Zoom by wheel, drag and keys. `end` is where the whole axis ends. */
export function useChartZoom(chart: ChartRef, end: number) {
  const [range, setRange] = useState<ChartRange | undefined>();
  const shown = range ?? { min: 0, max: end };
  const reset = () => setRange(undefined);
  const valueAt = (pixel: number) => chart.current?.scales['x']?.getValueForPixel(pixel) ?? 0;

  const onPointerDown = (press: PointerEvent & { readonly currentTarget: HTMLCanvasElement }) => {
    if (press.button !== 0) return;
    const canvas = press.currentTarget;
    const from = valueAt(press.offsetX);
    const moving = press.shiftKey;
    canvas.setPointerCapture(press.pointerId);
    const listening = new AbortController();
    const { signal } = listening;
    // The axis is linear: a distance in pixels is the same distance in values wherever it is measured.
    const move = (event: PointerEvent) => {
      if (moving) setRange(range && moved(range, end, valueAt(press.offsetX) - valueAt(event.offsetX)));
    };
    const drop = (event: PointerEvent) => {
      listening.abort();
      if (moving || Math.abs(event.offsetX - press.offsetX) < 6) return;
      const to = valueAt(event.offsetX);
      const [min, max] = [Math.max(0, Math.min(from, to)), Math.min(end, Math.max(from, to))];
      if (max - min > end * smallest) setRange({ min, max });
    };
    canvas.addEventListener('pointermove', move, { signal });
    canvas.addEventListener('pointerup', drop, { signal });
    canvas.addEventListener('pointercancel', () => listening.abort(), { signal });
  };

  const onWheel = (event: WheelEvent) => {
    event.preventDefault();
    if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      const distance = ((event.deltaX || event.deltaY) / 1000) * (shown.max - shown.min);
      setRange(range && moved(range, end, distance));
    } else setRange(zoomed(shown, end, Math.exp(event.deltaY / 400), valueAt(event.offsetX)));
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const middle = (shown.min + shown.max) / 2;
    const step = (shown.max - shown.min) / 10;
    if (event.key === '+' || event.key === '=') setRange(zoomed(shown, end, 0.8, middle));
    else if (event.key === '-') setRange(zoomed(shown, end, 1.25, middle));
    else if (event.key === 'ArrowLeft') setRange(range && moved(range, end, -step));
    else if (event.key === 'ArrowRight') setRange(range && moved(range, end, step));
    else if (event.key === '0' || event.key === 'Escape') reset();
    else return;
    event.preventDefault();
  };

  return { range, reset, handlers: { onPointerDown, onWheel, onKeyDown, onDblClick: reset } };
}
