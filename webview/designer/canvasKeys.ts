import { layerAt } from '../../engine/model/layerPaths.ts';
import { t } from '../kit/language.ts';
import { isTyping } from './addMenu.tsx';
import type { Picture } from './geometry.ts';
import { removeLayers, setUnits, stepLayers } from './layerEdits.ts';
import { extended, leadOf, neighbour, selectedPaths } from './selection.ts';
import { isEditable, lockReason, type Designer } from './state.ts';
import { zoomAt, type Size, type Viewport } from './viewport.ts';

export interface CanvasView {
  readonly viewport: Viewport;
  readonly picture: Picture;
  readonly size: Size;
}

export const zoomStep = 1.25;
const panStep = 60;
const manyUnits = 8;

/**
 * Arrows left and right select, with Shift more of them; up and down change the units, with Shift by eight.
 * Alt with arrows moves layers, Ctrl with arrows the view; Page Up and Page Down zoom, 0 fits.
 */
export function handleKey(event: KeyboardEvent, designer: Designer, view: CanvasView): void {
  if (isTyping(event)) return;
  if (movesView(event, designer, view) || selects(event, designer) || changes(event, designer)) event.preventDefault();
}

function movesView(
  { key, ctrlKey, metaKey }: KeyboardEvent,
  { store }: Designer,
  { viewport, size }: CanvasView,
): boolean {
  const zoom = (factor: number) =>
    store.update({ viewport: zoomAt(viewport, factor, size.width / 2, size.height / 2) });
  const pan = (x: number, y: number) =>
    store.update({ viewport: { ...viewport, x: viewport.x + x, y: viewport.y + y } });
  if (key === 'PageUp') zoom(zoomStep);
  else if (key === 'PageDown') zoom(1 / zoomStep);
  else if (key === '0' && !ctrlKey && !metaKey) store.update({ viewport: undefined });
  else if (!(ctrlKey || metaKey)) return false;
  else if (key === 'ArrowLeft') pan(panStep, 0);
  else if (key === 'ArrowRight') pan(-panStep, 0);
  else if (key === 'ArrowUp') pan(0, panStep);
  else if (key === 'ArrowDown') pan(0, -panStep);
  else return false;
  return true;
}

function selects({ key, altKey, shiftKey, ctrlKey, metaKey }: KeyboardEvent, designer: Designer): boolean {
  const { selection, host } = designer.store.state;
  const layers = host?.model?.layers ?? [];
  const step = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0;
  if (step !== 0 && !altKey) {
    designer.select(shiftKey ? extended(selection, step, layers) : neighbour(selection, step, layers));
  } else if (key === 'Home' || key === 'End') {
    designer.select({ kind: key === 'Home' ? 'data' : 'loss' });
  } else if (key.toLowerCase() === 'a' && (ctrlKey || metaKey)) {
    designer.select({ kind: 'layers', paths: layers.map((_, index) => [index]) });
    designer.announce(t('{0} layers selected.', layers.length));
  } else if (key === 'Escape' && selection.kind === 'layers' && selection.paths.length > 1) {
    designer.select({ kind: 'layers', paths: selection.paths.slice(-1) });
  } else if (key === 'Enter') {
    document.querySelector<HTMLElement>('.inspector vscode-text-field, .inspector vscode-dropdown')?.focus();
  } else {
    return false;
  }
  return true;
}

function changes({ key, altKey, shiftKey }: KeyboardEvent, designer: Designer): boolean {
  const { store } = designer;
  const step = altKey && key === 'ArrowRight' ? 1 : altKey && key === 'ArrowLeft' ? -1 : 0;
  const units = altKey ? 0 : key === 'ArrowUp' ? 1 : key === 'ArrowDown' ? -1 : 0;
  const removes = key === 'Delete' || key === 'Backspace';
  if (step === 0 && units === 0 && !removes) return false;
  if (!isEditable(store.state)) {
    designer.announce(lockReason(store.state) ?? '');
    return true;
  }
  const paths = selectedPaths(store.state.selection);
  if (removes) removeLayers(designer, paths);
  else if (step !== 0) stepLayers(designer, paths, step);
  else stepUnits(designer, shiftKey ? units * manyUnits : units);
  return true;
}

function stepUnits(designer: Designer, by: number): void {
  const { selection, host } = designer.store.state;
  const lead = leadOf(selection);
  const layer = lead && layerAt(host?.model?.layers ?? [], lead);
  if (!lead || !layer) return;
  if (layer.type === 'dense') setUnits(designer, lead, layer.units + by);
  else designer.announce(t('{0} has the width of what comes in.', layer.id));
}
