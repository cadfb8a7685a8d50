import type { LayerType } from '../../engine/model/layerFields.ts';
import { gapAt, type Gap, type Picture } from './geometry.ts';
import { addLayer, moveLayers, moveRefusal } from './layerEdits.ts';
import { isEditable, type Designer, type Drag } from './state.ts';
import { toPicture, type Viewport } from './viewport.ts';

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

/** Follows a pressed pointer until it is let go or Escape is pressed; `moved` is called once it means to drag. */
export function trackPointer(
  press: PointerEvent,
  {
    moved,
    dropped,
    ended,
    clicked,
  }: {
    readonly moved: (event: PointerEvent) => void;
    readonly dropped: () => void;
    readonly ended: () => void;
    /** Let go where it was pressed. */
    readonly clicked?: (() => void) | undefined;
  },
): void {
  const listening = new AbortController();
  const { signal } = listening;
  let dragging = false;
  const end = () => {
    listening.abort();
    ended();
  };
  const move = (event: PointerEvent) => {
    dragging ||= Math.hypot(event.clientX - press.clientX, event.clientY - press.clientY) >= threshold;
    if (!dragging) return;
    event.preventDefault();
    moved(event);
  };
  const drop = () => {
    if (dragging) dropped();
    else clicked?.();
    end();
  };
  const cancel = (event: KeyboardEvent) => {
    if (event.key === 'Escape') end();
  };
  window.addEventListener('pointermove', move, { signal });
  window.addEventListener('pointerup', drop, { signal });
  window.addEventListener('pointercancel', end, { signal });
  window.addEventListener('keydown', cancel, { signal });
}

/** Follows the pointer from a press on a layer until it is let go, and then makes the edit. */
export function startDrag(
  press: PointerEvent,
  designer: Designer,
  frame: FrameRef,
  held: Pick<Drag, 'moving' | 'layer'> & { readonly fresh?: LayerType; readonly clicked?: () => void },
): void {
  const { store } = designer;
  if (press.button !== 0 || !isEditable(store.state)) return;
  const { fresh, clicked, ...layers } = held;
  trackPointer(press, {
    clicked,
    moved: event => {
      const gap = gapUnder(event, frame.current);
      const refusal = gap && moveRefusal(held.moving, gap.place);
      store.update({ drag: { ...layers, screenX: event.clientX, screenY: event.clientY, gap, refusal } });
    },
    dropped: () => {
      const { drag } = store.state;
      if (!drag?.gap || drag.refusal !== undefined) return;
      if (fresh) addLayer(designer, drag.gap.place, fresh);
      else moveLayers(designer, drag.moving, drag.gap.place);
    },
    ended: () => store.update({ drag: undefined }),
  });
}

function gapUnder({ clientX, clientY }: PointerEvent, frame: CanvasFrame | undefined): Gap | undefined {
  if (!frame) return undefined;
  const { left, top, right, bottom } = frame.element.getBoundingClientRect();
  if (clientX < left || clientX > right || clientY < top || clientY > bottom) return undefined;
  const { x, y } = toPicture(frame.viewport, clientX - left, clientY - top);
  return gapAt(frame.picture, x, y);
}
