import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { DataSource } from '../../engine/model/dataSource.ts';
import type { Layer } from '../../engine/model/schema.ts';
import type { Store } from '../kit/store.ts';
import { useThemeColors, type ColorOf } from '../kit/themeColors.ts';
import type { Column, Picture } from './geometry.ts';
import type { Hit } from './hitTest.ts';
import { inputPictures, samplesOf } from './liveColumns.ts';
import { rgbOf } from './nodePictures.ts';
import { paintNetwork, sheetOf, type Ink } from './paintNetwork.ts';
import type { LiveState } from './state.ts';
import type { Size, Viewport } from './viewport.ts';

interface NetworkCanvasProps {
  readonly live: Store<LiveState>;
  readonly picture: Picture;
  /** The same columns where they will come to stand: what depends on what they are is made once for a glide. */
  readonly settled: Picture;
  readonly layers: readonly Layer[];
  readonly source: DataSource;
  readonly viewport: Viewport;
  readonly size: Size;
  readonly hover: Hit | undefined;
  readonly isHeld: (column: Column) => boolean;
}

/**
 * Edges and nodes, painted and not built of elements: a network of fifty layers has seven thousand edges.
 * A new sample repaints this canvas alone, and never more than once a frame.
 */
export function NetworkCanvas(props: NetworkCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const colorOf = useThemeColors();
  const paint = useRef<() => void>(() => undefined);
  const painted = useRef<Painted>(undefined);
  const frame = useRef(0);
  const schedule = () => {
    if (frame.current === 0)
      frame.current = requestAnimationFrame(() => {
        frame.current = 0;
        paint.current();
      });
  };

  paint.current = () => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context) return;
    painted.current = fresh(painted.current, props, colorOf);
    const { samples, sheet, inputs, ink } = painted.current;
    resize(element, props.size);
    paintNetwork(context, { ...props, samples, sheet, inputs }, ink);
  };

  useLayoutEffect(schedule);
  useEffect(() => props.live.subscribe(schedule), [props.live]);
  useEffect(() => () => cancelAnimationFrame(frame.current), []);
  return <canvas class="edges" ref={canvas} aria-hidden="true" data-testid="network-canvas" />;
}

interface Painted extends ReturnType<typeof prepare> {
  readonly settled: Picture;
  readonly sample: LiveState['sample'];
  readonly colorOf: ColorOf;
}

/** What depends on the sample, the picture and the theme, made again only when one of them is another. */
function fresh(before: Painted | undefined, props: NetworkCanvasProps, colorOf: ColorOf): Painted {
  const { settled } = props;
  const { sample } = props.live.state;
  if (before?.settled === settled && before.sample === sample && before.colorOf === colorOf) return before;
  return { settled, sample, colorOf, ...prepare(props, colorOf) };
}

function prepare({ live, settled, layers, source }: NetworkCanvasProps, colorOf: ColorOf) {
  const samples = samplesOf(settled, layers, live.state.sample);
  const ink = inkOf(colorOf);
  const isLive = samples.some(sample => sample !== undefined);
  const inputs = isLive ? inputPictures(source, settled.columns[0]?.units ?? 0) : [];
  return { samples, inputs, ink, sheet: sheetOf(settled, samples, inputs, ink) };
}

function inkOf(colorOf: ColorOf): Ink {
  const strong = document.body.classList.contains('vscode-high-contrast');
  const [plus, minus] = [colorOf('--positive'), colorOf('--negative')];
  return {
    positive: rgbOf(plus),
    negative: rgbOf(minus),
    zero: rgbOf(colorOf('--zero')),
    plus,
    minus,
    neutral: colorOf('--faint'),
    fill: colorOf('--raise'),
    rim: colorOf(strong ? '--fg' : '--muted'),
    curve: colorOf('--vscode-charts-blue'),
    text: colorOf('--muted'),
    strong,
    font: `10px ${getComputedStyle(document.body).fontFamily}`,
  };
}

function resize(element: HTMLCanvasElement, { width, height }: Size): void {
  const ratio = window.devicePixelRatio;
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (element.width === w && element.height === h) return;
  element.width = w;
  element.height = h;
  element.style.width = `${width}px`;
  element.style.height = `${height}px`;
}
