import { layerInfo } from '../../engine/model/layerFields.ts';
import { LayerGlyph } from './layerGlyph.tsx';
import type { Drag } from './state.ts';

/** The layer in the hand: a small card at the pointer. */
export function HeldLayer({ drag: { layer, screenX, screenY, gap } }: { readonly drag: Drag }) {
  return (
    <div class="held" style={{ left: `${screenX + 10}px`, top: `${screenY + 6}px` }} aria-hidden="true">
      <LayerGlyph type={layer.type} />
      <div>
        <b>{layerInfo[layer.type].title}</b>
        <div class="muted small">
          {gap === undefined ? 'drop it between two layers' : `${layer.units} ${layer.detail}`}
        </div>
      </div>
    </div>
  );
}
