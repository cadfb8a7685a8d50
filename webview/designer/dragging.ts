import { gapAt, toPicture, type Picture, type Viewport } from './geometry.ts';
import { addLayer, moveLayer } from './layerEdits.ts';
import { isEditable, type Designer, type Drag } from './state.ts';

/** Where the canvas is and what it shows: what turns a pointer into a place in the network. */
export interface CanvasFrame {
  readonly element: HTMLElement;
  readonly viewport: Viewport;
  /** The picture as it is without an open gap, so that opening one does not move the target. */
  readonly picture: Picture;
}

export interface FrameRef {
  readonly current: CanvasFrame | undefined;
}

/** Pixels that a pressed pointer may wander before it means to drag. */
const threshold = 4;

/** Follows the pointer from a press on a layer until it is let go, and then makes the edit. */
export function startDrag(
  press: PointerEvent,
  designer: Designer,
  frame: FrameRef,
  held: Pick<Drag, 'from' | 'layer'>,
): void {
  if (press.button !== 0 || !isEditable(designer.store.state.host)) return;
  const { store } = designer;
  const listening = new AbortController();
  const { signal } = listening;

  const end = () => {
    listening.abort();
    store.update({ drag: undefined });
  };
  const move = (event: PointerEvent) => {
    const distance = Math.hypot(event.clientX - press.clientX, event.clientY - press.clientY);
    if (!store.state.drag && distance < threshold) return;
    event.preventDefault();
    store.update({
      drag: { ...held, screenX: event.clientX, screenY: event.clientY, gap: gapUnder(event, frame.current) },
    });
  };
  const drop = () => {
    const { drag, host } = store.state;
    end();
    const layers = host?.model?.layers;
    if (drag?.gap === undefined || !layers) return;
    if (drag.from === undefined) addLayer(designer, layers, drag.gap, drag.layer.type);
    else moveLayer(designer, layers, drag.from, drag.gap);
  };
  const cancel = (event: KeyboardEvent) => {
    if (event.key === 'Escape') end();
  };
  window.addEventListener('pointermove', move, { signal });
  window.addEventListener('pointerup', drop, { signal });
  window.addEventListener('pointercancel', end, { signal });
  window.addEventListener('keydown', cancel, { signal });
}

function gapUnder({ clientX, clientY }: PointerEvent, frame: CanvasFrame | undefined): number | undefined {
  if (!frame) return undefined;
  const { left, top, right, bottom } = frame.element.getBoundingClientRect();
  if (clientX < left || clientX > right || clientY < top || clientY > bottom) return undefined;
  const { x, y } = toPicture(frame.viewport, clientX - left, clientY - top);
  return gapAt(frame.picture, x, y);
}
