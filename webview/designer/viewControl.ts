import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Size, Viewport } from './viewport.ts';

interface ElementRef {
  readonly current: HTMLElement | null;
}

/** The size of an element, followed as it changes. */
export function useSize(element: ElementRef): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const target = element.current;
    if (!target) return;
    const measure = () => setSize({ width: target.clientWidth, height: target.clientHeight });
    const observer = new ResizeObserver(measure);
    observer.observe(target);
    measure();
    return () => observer.disconnect();
  }, [element]);
  return size;
}

/** A wheel that scrolls nothing else; `listener` gets the place within the element. */
export function useWheel(element: ElementRef, listener: (event: WheelEvent, x: number, y: number) => void): void {
  const latest = useRef(listener);
  latest.current = listener;
  useEffect(() => {
    const target = element.current;
    if (!target) return;
    const wheel = (event: WheelEvent) => {
      event.preventDefault();
      const { left, top } = target.getBoundingClientRect();
      latest.current(event, event.clientX - left, event.clientY - top);
    };
    target.addEventListener('wheel', wheel, { passive: false });
    return () => target.removeEventListener('wheel', wheel);
  }, [element]);
}

/** A press on the ground takes the view along; what can be pressed itself keeps the press from coming here. */
export function usePan(viewport: Viewport, onMove: (viewport: Viewport) => void) {
  return (press: PointerEvent) => {
    if (press.button !== 0 && press.button !== 1) return;
    if (press.target instanceof Element && press.target.closest('button')) return;
    const listening = new AbortController();
    const { signal } = listening;
    window.addEventListener(
      'pointermove',
      ({ clientX, clientY }) =>
        onMove({ ...viewport, x: viewport.x + clientX - press.clientX, y: viewport.y + clientY - press.clientY }),
      { signal },
    );
    window.addEventListener('pointerup', () => listening.abort(), { signal });
    window.addEventListener('pointercancel', () => listening.abort(), { signal });
  };
}
