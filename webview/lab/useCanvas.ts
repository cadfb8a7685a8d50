import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Playback } from './playback.ts';

/** The size of a picture, in pixels of the page, and how many device pixels each has. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
  readonly ratio: number;
}

/** More device pixels than two for each of the page's cost more than they show. */
const pixelRatio = () => Math.min(2, window.devicePixelRatio);

/**
 * A canvas that is drawn at most once a frame: after each change of the component that holds it, of
 * the playback, or of its size. `draw` gets a context scaled to pixels of the page, wiped.
 */
export function useCanvas(
  canvas: RefObject<HTMLCanvasElement | null>,
  playback: Playback,
  draw: (context: CanvasRenderingContext2D, size: PictureSize) => void,
): void {
  const latest = useRef(draw);
  latest.current = draw;
  const request = useRef<() => void>(() => undefined);
  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context) return;
    let frame: number | undefined;
    const paint = () => {
      frame = undefined;
      const { clientWidth: width, clientHeight: height } = element;
      const ratio = pixelRatio();
      const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
      if (element.width !== w || element.height !== h) [element.width, element.height] = [w, h];
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, width, height);
      if (width > 0 && height > 0) latest.current(context, { width, height, ratio });
    };
    request.current = () => {
      frame ??= requestAnimationFrame(paint);
    };
    const observer = new ResizeObserver(request.current);
    observer.observe(element);
    const unsubscribe = playback.subscribe(request.current);
    return () => {
      observer.disconnect();
      unsubscribe();
      if (frame !== undefined) cancelAnimationFrame(frame);
    };
  }, [playback]);
  useEffect(() => request.current());
}

/** Whether the user wants less motion. */
export const isCalm = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches;
