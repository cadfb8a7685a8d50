import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { layerShapes } from '../../engine/model/shapes.ts';
import { IconButton } from '../kit/button.tsx';
import { isTyping } from './addMenu.tsx';
import type { CanvasFrame } from './dragging.ts';
import { fit, layOut, zoomAt, type Viewport } from './geometry.ts';
import { moveLayer, removeLayer } from './layerEdits.ts';
import { NetworkPicture } from './networkPicture.tsx';
import { inputsOf, isEditable, validSelection, type Designer, type Selection, type ViewState } from './state.ts';
import { UnitStepper } from './unitStepper.tsx';

interface CanvasProps {
  readonly designer: Designer;
  readonly state: ViewState;
  readonly frame: { current: CanvasFrame | undefined };
}

const zoomStep = 1.25;

/** The network, to look at, move through and change. Everything works by keyboard too. */
export function Canvas({ designer, state, frame }: CanvasProps) {
  const element = useRef<HTMLDivElement>(null);
  const size = useSize(element);
  /** Undefined while the picture fits itself into the window. */
  const [moved, setMoved] = useState<Viewport | undefined>();
  const { host, drag } = state;
  const layers = host?.model?.layers ?? [];
  const inputs = host ? inputsOf(host) : 1;
  const units = layerShapes(layers, inputs).map(({ outputs }) => outputs);
  const closed = layOut(units, inputs);
  const opens =
    drag?.gap !== undefined && !(drag.from !== undefined && (drag.gap === drag.from || drag.gap === drag.from + 1));
  const picture = layOut(units, inputs, opens ? { gap: drag.gap, units: drag.layer.units } : undefined);
  const viewport = moved ?? fit(closed, size.width, size.height);
  const selection = validSelection(state.selection, host?.model);
  if (element.current) frame.current = { element: element.current, viewport, picture: closed };

  useWheel(element, (event, x, y) => {
    if (event.ctrlKey || event.metaKey) setMoved(zoomAt(viewport, Math.exp(-event.deltaY / 200), x, y));
    else setMoved({ ...viewport, x: viewport.x - event.deltaX, y: viewport.y - event.deltaY });
  });

  // An editor that gets the focus as a whole gives it to the network, so that the keys work at once.
  useEffect(() => {
    const focus = () => {
      if (document.activeElement === document.body) element.current?.querySelector<SVGElement>('svg.network')?.focus();
    };
    window.addEventListener('focus', focus);
    return () => window.removeEventListener('focus', focus);
  }, []);

  const zoom = (factor: number) => setMoved(zoomAt(viewport, factor, size.width / 2, size.height / 2));
  return (
    <div
      class="canvas-area"
      ref={element}
      onPointerDown={event => {
        if (event.target instanceof Element && event.target.closest('[data-grab], button')) return;
        pan(event, viewport, setMoved);
      }}
    >
      {size.width > 0 && host?.model && (
        <NetworkPicture
          designer={designer}
          host={host}
          model={host.model}
          picture={picture}
          gaps={closed.gaps}
          viewport={viewport}
          size={size}
          selection={selection}
          drag={drag}
          frame={frame}
          onKeyDown={event => handleKey(event, designer, selection)}
        />
      )}
      {host?.model && isEditable(host) && !drag && selection.kind === 'layer' && (
        <UnitStepper
          designer={designer}
          layers={layers}
          index={selection.index}
          picture={picture}
          viewport={viewport}
        />
      )}
      <div class="zoom">
        <IconButton icon="zoom-out" label="Zoom out" onPress={() => zoom(1 / zoomStep)} />
        <span class="small">{Math.round(viewport.scale * 100)}%</span>
        <IconButton icon="zoom-in" label="Zoom in" onPress={() => zoom(zoomStep)} />
        <IconButton icon="screen-full" label="Fit the network into the window" onPress={() => setMoved(undefined)} />
      </div>
    </div>
  );
}

/** Arrows select, Alt with arrows moves, Delete removes, Enter goes to the fields. */
function handleKey(event: KeyboardEvent, designer: Designer, selection: Selection): void {
  const { host } = designer.store.state;
  const layers = host?.model?.layers ?? [];
  if (isTyping(event)) return;
  const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
  const editable = isEditable(host);
  if (step !== 0 && event.altKey) {
    if (editable && selection.kind === 'layer')
      moveLayer(designer, layers, selection.index, selection.index + (step > 0 ? 2 : -1));
  } else if (step !== 0) {
    designer.select(neighbour(selection, step, layers.length));
  } else if (event.key === 'Home' || event.key === 'End') {
    designer.select({ kind: event.key === 'Home' ? 'data' : 'loss' });
  } else if (event.key === 'Delete' || event.key === 'Backspace') {
    if (editable && selection.kind === 'layer') removeLayer(designer, layers, selection.index);
  } else if (event.key === 'Enter') {
    document.querySelector<HTMLElement>('.inspector vscode-text-field, .inspector vscode-dropdown')?.focus();
  } else {
    return;
  }
  event.preventDefault();
}

/** Data, the layers, and the loss stand in one row. */
function neighbour(selection: Selection, step: number, count: number): Selection {
  const place = selection.kind === 'layer' ? selection.index + 1 : selection.kind === 'data' ? 0 : count + 1;
  const next = Math.min(count + 1, Math.max(0, place + step));
  if (next === 0) return { kind: 'data' };
  return next === count + 1 ? { kind: 'loss' } : { kind: 'layer', index: next - 1 };
}

function pan(press: PointerEvent, from: Viewport, onMove: (viewport: Viewport) => void): void {
  if (press.button !== 0 && press.button !== 1) return;
  const listening = new AbortController();
  const { signal } = listening;
  window.addEventListener(
    'pointermove',
    ({ clientX, clientY }) =>
      onMove({ ...from, x: from.x + clientX - press.clientX, y: from.y + clientY - press.clientY }),
    { signal },
  );
  window.addEventListener('pointerup', () => listening.abort(), { signal });
  window.addEventListener('pointercancel', () => listening.abort(), { signal });
}

function useSize(element: { readonly current: HTMLElement | null }) {
  const [size, setSize] = useState({ width: 0, height: 0 });
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
function useWheel(
  element: { readonly current: HTMLElement | null },
  listener: (event: WheelEvent, x: number, y: number) => void,
): void {
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
