import type { LayerType } from '../../engine/model/layerFields.ts';

/** The small sign of a layer type. */
export function LayerGlyph({ type }: { readonly type: LayerType }) {
  return (
    <svg class="glyph" width="16" height="16" aria-hidden="true">
      {glyphs[type]}
    </svg>
  );
}

const glyphs: Record<LayerType, preact.JSX.Element> = {
  dense: (
    <>
      <circle cx="8" cy="2.5" r="1.9" />
      <circle cx="8" cy="8" r="1.9" />
      <circle cx="8" cy="13.5" r="1.9" />
    </>
  ),
};
