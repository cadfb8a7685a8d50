import { layerAt, type LayerPath } from '../../engine/model/layerPaths.ts';
import type { Layer } from '../../engine/model/schema.ts';
import { IconButton } from '../kit/button.tsx';
import { t } from '../kit/language.ts';
import { columnOf, type Picture } from './geometry.ts';
import { setUnits } from './layerEdits.ts';
import type { Designer } from './state.ts';
import type { Viewport } from './viewport.ts';

interface UnitStepperProps {
  readonly designer: Designer;
  readonly layers: readonly Layer[];
  readonly path: LayerPath;
  readonly picture: Picture;
  readonly viewport: Viewport;
}

/** − and + at the foot of the selected column. */
export function UnitStepper({ designer, layers, path, picture, viewport }: UnitStepperProps) {
  const column = columnOf(picture, path);
  const layer = layerAt(layers, path);
  if (!column || layer?.type !== 'dense') return null;
  const { scale, x, y } = viewport;
  const step = (by: number) => setUnits(designer, path, layer.units + by);
  return (
    <div
      class="stepper"
      style={{ left: `${column.x * scale + x}px`, top: `${picture.columnBottom * scale + y + 8}px` }}
    >
      <IconButton
        icon="remove"
        label={t('One unit less (Down)')}
        disabled={layer.units === 1}
        onPress={() => step(-1)}
        testId="fewer-units"
      />
      <b>{layer.units}</b>
      <IconButton icon="add" label={t('One unit more (Up)')} onPress={() => step(1)} testId="more-units" />
    </div>
  );
}
