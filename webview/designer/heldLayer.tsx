import { t } from '../kit/language.ts';
import { LayerGlyph } from './layerGlyph.tsx';
import type { Drag } from './state.ts';

/** The layer in the hand: a small card at the pointer, which says why it cannot fall where it is. */
export function HeldLayer({ drag: { layer, moving, screenX, screenY, gap, refusal } }: { readonly drag: Drag }) {
  const units = layer.units === undefined ? '' : `${layer.units} `;
  return (
    <div class="held" style={{ left: `${screenX + 10}px`, top: `${screenY + 6}px` }} aria-hidden="true">
      <LayerGlyph type={layer.type} />
      <div>
        <b>{moving.length > 1 ? t('{0} layers', moving.length) : layer.title}</b>
        <div class={`small ${refusal === undefined ? 'muted' : 'errc'}`}>
          {refusal ?? (gap === undefined ? t('drop it between two layers') : `${units}${layer.detail}`)}
        </div>
      </div>
    </div>
  );
}
