import type { Layer } from '../../engine/model/schema.ts';
import type { Picture, Viewport } from './geometry.ts';
import { setUnits } from './layerEdits.ts';
import type { Designer } from './state.ts';
import { IconButton } from '../kit/button.tsx';

interface UnitStepperProps {
  readonly designer: Designer;
  readonly layers: readonly Layer[];
  readonly index: number;
  readonly picture: Picture;
  readonly viewport: Viewport;
}

/** − and + at the foot of the selected column. */
export function UnitStepper({ designer, layers, index, picture, viewport }: UnitStepperProps) {
  const column = picture.layers[index];
  const layer = layers[index];
  if (!column || layer?.type !== 'dense') return null;
  const { scale, x, y } = viewport;
  const step = (by: number) => setUnits(designer, layers, index, layer.units + by);
  return (
    <div class="stepper" style={{ left: `${column.x * scale + x}px`, top: `${picture.bottom * scale + y + 6}px` }}>
      <IconButton
        icon="remove"
        label="One unit less"
        disabled={layer.units === 1}
        onPress={() => step(-1)}
        testId="fewer-units"
      />
      <b>{layer.units}</b>
      <IconButton icon="add" label="One unit more" onPress={() => step(1)} testId="more-units" />
    </div>
  );
}
