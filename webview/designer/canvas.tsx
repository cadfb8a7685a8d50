import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { isWithin } from '../../engine/model/layerPaths.ts';
import { Backdrop } from './backdrop.tsx';
import { handleKey } from './canvasKeys.ts';
import type { CanvasFrame } from './dragging.ts';
import { extentOf, layOut, type Column, type Slot } from './geometry.ts';
import { useGlide } from './glide.ts';
import { useHover, type Hover } from './hover.ts';
import { staysInPlace } from './layerEdits.ts';
import { Legend } from './legend.tsx';
import { NetworkCanvas } from './networkCanvas.tsx';
import { NetworkPicture } from './networkPicture.tsx';
import { widthAt } from './newLayers.ts';
import { leadOf } from './selection.ts';
import {
  drawingOf,
  inputNamesOf,
  isEditable,
  type Designer,
  type Drag,
  type DrawableState,
  type ViewState,
} from './state.ts';
import { UnitStepper } from './unitStepper.tsx';
import { canSetWeights } from './weightEdits.ts';
import { WeightEditor } from './weightEditor.tsx';
import { useWeightPress } from './weightPress.ts';
import { usePan, useSize, useWheel } from './viewControl.ts';
import { ValueCard } from './valueCard.tsx';
import { fit, isFar, showing, zoomAt } from './viewport.ts';
import { ZoomBar } from './zoomBar.tsx';

interface CanvasProps {
  readonly designer: Designer;
  readonly state: ViewState;
  readonly host: DrawableState;
  readonly frame: { current: CanvasFrame | undefined };
}

/** Room that a card beside the pointer may need, in pixels. */
const cardSize = { width: 246, height: 132 };

/** The network, to look at, move through and change. Everything works by keyboard too. */
export function Canvas({ designer, state, host, frame }: CanvasProps) {
  const element = useRef<HTMLDivElement>(null);
  const size = useSize(element);
  const { store } = designer;
  const { drag, resize, selection } = state;
  const drawing = useMemo(() => drawingOf(host, resize), [host, resize]);
  const closed = useMemo(() => layOut(drawing), [drawing]);
  const slot = slotOf(drag, drawing);
  const settled = useMemo(
    () => (slot ? layOut(drawing, slot) : closed),
    [drawing, closed, slot?.place.index, slot?.place.block.join('.'), slot?.units],
  );
  const viewport = state.viewport ?? fit(closed, size);
  const picture = useGlide(settled, drawing, isFar(viewport));
  const view = { viewport, picture: closed, size };
  if (element.current) frame.current = { element: element.current, viewport, picture: closed };
  const isHeld = (column: Column) =>
    drag?.moving.some(path => column.kind !== 'input' && column.kind !== 'slot' && isWithin(column.path, path)) ??
    false;
  const hover = useHover(element, view, drag !== undefined || resize !== undefined);

  /** A card about what is there, beside it and on the canvas. */
  const cardAt = ({ hit, x, y }: Hover) => ({
    ...{ live: designer.live, hit },
    network: { picture: closed, layers: drawing.layers, inputNames: inputNamesOf(host) },
    left: Math.max(0, Math.min(x + 14, size.width - cardSize.width)),
    top: Math.max(0, Math.min(y + 14, size.height - cardSize.height)),
  });

  const weights = useWeightPress(element, view, canSetWeights(state));

  useWheel(element, (event, x, y) => {
    const zooms = event.ctrlKey || event.metaKey;
    const moved = { ...viewport, x: viewport.x - event.deltaX, y: viewport.y - event.deltaY };
    store.update({ viewport: zooms ? zoomAt(viewport, Math.exp(-event.deltaY / 200), x, y) : moved });
  });
  const pan = usePan(viewport, moved => store.update({ viewport: moved }));
  useFocusOnShow(element);

  // What the keyboard selects comes into view.
  const lead = leadOf(selection);
  const leadKey = lead?.join('.');
  useLayoutEffect(() => {
    if (!lead || !store.state.viewport || size.width === 0) return;
    const shown = showing(store.state.viewport, extentOf(closed, lead), size);
    if (shown !== store.state.viewport) store.update({ viewport: shown });
  }, [leadKey]);

  return (
    <div class="canvas-area" ref={element} onPointerDown={pan}>
      {size.width > 0 && (
        <>
          <Backdrop picture={picture} viewport={viewport} size={size} selection={selection} />
          <NetworkCanvas
            live={designer.live}
            layers={drawing.layers}
            source={host.model.data.source}
            {...{ picture, settled, viewport, size, isHeld }}
            hover={hover?.hit}
          />
          <NetworkPicture
            {...{ designer, host, drawing, picture, viewport, size, selection, drag, frame }}
            gaps={closed.gaps}
            progress={state.progress}
            editable={isEditable(state)}
            onKeyDown={event => handleKey(event, designer, view)}
          />
          {isEditable(state) && !drag && lead && (
            <UnitStepper {...{ designer, picture, viewport }} layers={drawing.layers} path={lead} />
          )}
          {weights.pressed && (
            <WeightEditor
              key={`${weights.pressed.x} ${weights.pressed.y}`}
              designer={designer}
              {...cardAt(weights.pressed)}
              onClose={weights.close}
            />
          )}
          {hover && !weights.pressed && <ValueCard {...cardAt(hover)} />}
        </>
      )}
      <Legend designer={designer} state={state} />
      <ZoomBar {...{ designer, viewport, size }} />
    </div>
  );
}

/** The place that a dragged layer would take; none where it stays or cannot go. */
function slotOf(drag: Drag | undefined, { shapes, inputs }: ReturnType<typeof drawingOf>): Slot | undefined {
  if (!drag?.gap || drag.refusal !== undefined) return undefined;
  const { place } = drag.gap;
  if (drag.moving.length > 0 && staysInPlace(drag.moving, place)) return undefined;
  const units = drag.layer.units ?? widthAt(shapes, inputs, place);
  return { place, units, dense: drag.layer.type === 'dense' };
}

/** An editor that gets the focus as a whole gives it to the network, so that the keys work at once. */
function useFocusOnShow(element: { readonly current: HTMLElement | null }): void {
  useEffect(() => {
    const focus = () => {
      if (document.activeElement === document.body) element.current?.querySelector<SVGElement>('svg.network')?.focus();
    };
    window.addEventListener('focus', focus);
    return () => window.removeEventListener('focus', focus);
  }, [element]);
}
