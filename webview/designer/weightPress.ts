import { useEffect, useRef, useState } from 'preact/hooks';
import type { CanvasView } from './canvasKeys.ts';
import { weightAt } from './hitTest.ts';
import type { Hover } from './hover.ts';
import { isFar, toPicture } from './viewport.ts';

/** Pixels that a pressed pointer may wander before it means to move something. */
const threshold = 4;

/** The edge, or the dot of a bias, that was pressed and let go in place. */
export function useWeightPress(
  element: { readonly current: HTMLElement | null },
  view: CanvasView,
  enabled: boolean,
): { readonly pressed: Hover | undefined; readonly close: () => void } {
  const [pressed, setPressed] = useState<Hover | undefined>();
  const latest = useRef({ view, enabled });
  latest.current = { view, enabled };
  useEffect(() => {
    const target = element.current;
    if (!target) return;
    let press: PointerEvent | undefined;
    const down = (event: PointerEvent) => {
      press = event.button === 0 ? event : undefined;
    };
    const up = (event: PointerEvent) => {
      const { viewport, picture } = latest.current.view;
      const away = press ? Math.hypot(event.clientX - press.clientX, event.clientY - press.clientY) : Infinity;
      const onPicture = event.target instanceof Element && event.target.closest('svg.network') !== null;
      if (!latest.current.enabled || !onPicture || away >= threshold || isFar(viewport)) return;
      const { left, top } = target.getBoundingClientRect();
      const [x, y] = [event.clientX - left, event.clientY - top];
      const at = toPicture(viewport, x, y);
      const hit = weightAt(picture, at.x, at.y);
      if (hit) setPressed({ hit, x, y });
    };
    // Before a layer keeps the press for itself.
    target.addEventListener('pointerdown', down, true);
    target.addEventListener('pointerup', up, true);
    return () => {
      target.removeEventListener('pointerdown', down, true);
      target.removeEventListener('pointerup', up, true);
    };
  }, [element]);
  return { pressed, close: () => setPressed(undefined) };
}
