import { useEffect, useRef, useState } from 'preact/hooks';
import type { CanvasView } from './canvasKeys.ts';
import { hitAt, type Hit } from './hitTest.ts';
import { isFar, toPicture } from './viewport.ts';

/** Milliseconds the pointer rests before values are shown. */
const rest = 300;

export interface Hover {
  readonly hit: Hit;
  /** Where the pointer is on the canvas. */
  readonly x: number;
  readonly y: number;
}

/** The node or edge under a pointer that rests there. */
export function useHover(
  element: { readonly current: HTMLElement | null },
  view: CanvasView,
  paused: boolean,
): Hover | undefined {
  const [hover, setHover] = useState<Hover | undefined>();
  const latest = useRef({ view, paused });
  latest.current = { view, paused };
  useEffect(() => {
    const target = element.current;
    if (!target) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let shown: Hit | undefined;
    const show = (next: Hover | undefined) => {
      shown = next?.hit;
      setHover(next);
    };
    const move = (event: PointerEvent) => {
      const { viewport, picture } = latest.current.view;
      const { left, top } = target.getBoundingClientRect();
      const [x, y] = [event.clientX - left, event.clientY - top];
      const at = toPicture(viewport, x, y);
      const hit =
        latest.current.paused || event.buttons > 0 || isFar(viewport) ? undefined : hitAt(picture, at.x, at.y);
      if (hit?.node === shown?.node && hit?.from === shown?.from && hit?.column === shown?.column) return;
      clearTimeout(timer);
      if (shown) show(undefined);
      if (hit) timer = setTimeout(() => show({ hit, x, y }), rest);
    };
    const leave = () => {
      clearTimeout(timer);
      show(undefined);
    };
    target.addEventListener('pointermove', move);
    target.addEventListener('pointerleave', leave);
    target.addEventListener('pointerdown', leave);
    return () => {
      clearTimeout(timer);
      target.removeEventListener('pointermove', move);
      target.removeEventListener('pointerleave', leave);
      target.removeEventListener('pointerdown', leave);
    };
  }, [element]);
  return hover;
}
