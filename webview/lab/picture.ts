import type { Domain, Point } from '../../engine/model/surfaceTable.ts';
import { t } from '../kit/language.ts';
import type { ColorOf } from '../kit/themeColors.ts';
import { fitted, type DrawnWay, type Pixel } from './drawing.ts';
import { phasesOf, stepRecord } from './phases.ts';
import type { Playback } from './playback.ts';
import type { Relief } from './relief.ts';
import type { Entrant, LabState } from './state.ts';

/** Where a point with its height lies in a picture. */
export type Projection = (x: number, y: number, f: number) => Pixel;

interface WaysOptions {
  readonly state: LabState;
  readonly entrants: readonly Entrant[];
  readonly playback: Playback;
  readonly relief: Relief;
  readonly project: Projection;
  /** Whether a point with its height lies behind a hill; without it nothing does. */
  readonly behind?: ((positions: Float64Array, step: number, f: number) => boolean) | undefined;
  readonly colorOf: ColorOf;
  /** Moves in whole steps, for whoever wants less motion. */
  readonly calm: boolean;
}

const arrowLength = 46;

/** Everything that moves, as it is now, in the pixels of a picture. */
export function waysAt(options: WaysOptions): DrawnWay[] {
  const { entrants, playback, project, behind, colorOf, relief, state, calm } = options;
  const time = calm ? playback.step : playback.time;
  return entrants
    .filter(({ hidden, values }) => !hidden && values.length > 0)
    .map(entrant => {
      const { positions, values, series, selected } = entrant;
      const pointAt = (step: number) => [positions[2 * step] ?? 0, positions[2 * step + 1] ?? 0] as const;
      // A network's loss is not the height of its shadow in the plane.
      const heightAt = (step: number) => (state.mode === 'surface' ? (values[step] ?? 0) : relief.at(...pointAt(step)));
      const pixelAt = (step: number): Pixel => project(...pointAt(step), heightAt(step));
      const last = values.length - 1;
      const step = Math.min(Math.floor(time), last);
      const trail = Array.from({ length: step + 1 }, (_, i) => pixelAt(i));
      const share = time - step;
      if (step < last && share > 0) trail.push(between(pixelAt(step), pixelAt(step + 1), share));
      const isPaused = !playback.isPlaying;
      return {
        color: colorOf(series.color),
        dash: series.dash,
        marker: series.marker,
        selected,
        trail,
        behind: point => {
          const at = Math.min(point, last);
          return behind?.(positions, at, heightAt(at)) ?? false;
        },
        ghost: isPaused && step < last ? pixelAt(step + 1) : undefined,
        arrows: isPaused && selected && step < last ? arrowsAt(entrant, step, options) : [],
      };
    });
}

const between = (a: Pixel, b: Pixel, share: number): Pixel => [
  a[0] + (b[0] - a[0]) * share,
  a[1] + (b[1] - a[1]) * share,
];

/** The arrows of the current phase, from the selected ball; only a race has phases. */
function arrowsAt(entrant: Entrant, step: number, { state, playback, project, colorOf, relief }: WaysOptions) {
  const track = state.tracks[entrant.index];
  if (state.mode !== 'surface' || !track) return [];
  const phase = phasesOf(stepRecord(entrant.racer.optimizer, track, step))[playback.phase];
  const [x, y] = [entrant.positions[2 * step] ?? 0, entrant.positions[2 * step + 1] ?? 0];
  const from = project(x, y, relief.at(x, y));
  const { domain } = relief.grid;
  // A short way along the vector shows its direction in the picture, whatever its axes.
  const reach = 1e-3 * Math.min(domain.x[1] - domain.x[0], domain.y[1] - domain.y[0]);
  return (phase?.arrows ?? []).flatMap(({ vector, role }) => {
    const size = Math.hypot(...vector);
    if (size === 0) return [];
    const to = project(x + (vector[0] / size) * reach, y + (vector[1] / size) * reach, relief.at(x, y));
    return {
      vector: fitted([to[0] - from[0], from[1] - to[1]], role === 'own' ? arrowLength : 0.75 * arrowLength),
      color: colorOf(role === 'own' || role === 'old' ? entrant.series.color : '--fg'),
      dashed: role !== 'own' && role !== 'gradient',
    };
  });
}

/** A picture of ways in words, for who cannot see it. */
export function summaryOf(
  title: string,
  entrants: readonly Entrant[],
  step: number,
  figure: (n: number) => string,
): string {
  const parts = entrants
    .filter(({ hidden, values }) => !hidden && values.length > 0)
    .map(({ name, positions, values }) => {
      const at = Math.min(step, values.length - 1);
      return t(
        '{0} at ({1}, {2}), f {3}',
        name,
        figure(positions[2 * at] ?? 0),
        figure(positions[2 * at + 1] ?? 0),
        figure(values[at] ?? 0),
      );
    });
  return t('{0}, step {1}. {2}.', title, step, parts.join('; '));
}

/** The frame of a contour picture: room for the ticks, then the domain over all that is left. */
export interface PlaneFrame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly domain: Domain;
}

export const frameIn = (domain: Domain, width: number, height: number): PlaneFrame => ({
  domain,
  left: 38,
  top: 28,
  width: Math.max(1, width - 48),
  height: Math.max(1, height - 52),
});

export const toPixel = ({ left, top, width, height, domain: { x, y } }: PlaneFrame, a: number, b: number): Pixel => [
  left + ((a - x[0]) / (x[1] - x[0])) * width,
  top + ((y[1] - b) / (y[1] - y[0])) * height,
];

/** The point of the plane under a pixel; undefined outside the frame. */
export function toPoint(
  { left, top, width, height, domain: { x, y } }: PlaneFrame,
  [px, py]: Pixel,
): Point | undefined {
  const [u, v] = [(px - left) / width, (py - top) / height];
  if (u < 0 || u > 1 || v < 0 || v > 1) return undefined;
  return [x[0] + u * (x[1] - x[0]), y[1] - v * (y[1] - y[0])];
}

/** Four to eight round numbers over a range. */
export function ticksOf([low, high]: readonly [number, number]): number[] {
  const rough = (high - low) / 7;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10] as const).map(factor => factor * power).find(size => size >= rough) ?? rough;
  const first = Math.ceil(low / step);
  const last = Math.floor(high / step);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}
