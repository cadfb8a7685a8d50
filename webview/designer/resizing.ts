import { maximumDrawn } from '../../engine/model/drawnUnits.ts';
import { maximumUnits } from '../../engine/model/layerFields.ts';
import type { LayerPath } from '../../engine/model/layerPaths.ts';
import { trackPointer } from './dragging.ts';
import { setUnits } from './layerEdits.ts';
import { isEditable, type Designer } from './state.ts';

/** Pixels of the picture that make one unit more, as long as every unit is drawn. */
const pixelsPerUnit = 18;
/** Past a dozen each such stretch makes a layer larger by this share. */
const growth = 0.12;

/** Units of a layer whose lower edge has been dragged down by `distance`. */
export function resizedUnits(units: number, distance: number): number {
  const steps = distance / pixelsPerUnit;
  const linear = units + steps;
  if (units <= maximumDrawn && linear <= maximumDrawn) return Math.max(1, Math.round(linear));
  // From a dozen on by shares, so that a hand reaches thousands.
  const start = Math.max(units, maximumDrawn);
  const left = steps - (start - units);
  return Math.min(maximumUnits, Math.max(1, Math.round(start * (1 + growth) ** left)));
}

/** Follows a press on the lower edge of a column until it is let go, and then sets the units. */
export function startResize(
  press: PointerEvent,
  designer: Designer,
  path: LayerPath,
  units: number,
  scale: number,
): void {
  const { store } = designer;
  if (press.button !== 0 || !isEditable(store.state)) return;
  press.stopPropagation();
  let asked = false;
  trackPointer(press, {
    moved: ({ clientY }) =>
      store.update({ resize: { path, units: resizedUnits(units, (clientY - press.clientY) / scale) } }),
    dropped: () => {
      const chosen = store.state.resize?.units ?? units;
      asked = chosen !== units;
      setUnits(designer, path, chosen);
    },
    ended: () => {
      // What was asked for stays in the picture until the changed model comes.
      if (!asked) store.update({ resize: undefined });
    },
  });
}
