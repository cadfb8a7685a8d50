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
  dropout: (
    <>
      <circle cx="8" cy="2.5" r="1.9" />
      <path d="M6.5 6.5l3 3M9.5 6.5l-3 3" fill="none" stroke="currentColor" />
      <circle cx="8" cy="13.5" r="1.9" />
    </>
  ),
  batchNorm: <path d="M1 13C5 13 5 3 8 3s3 10 7 10" fill="none" stroke="currentColor" />,
  layerNorm: <path d="M3 1C3 5 13 5 13 8S3 11 3 15" fill="none" stroke="currentColor" />,
  residual: (
    <>
      <path d="M2 11V3h12v8" fill="none" stroke="currentColor" />
      <rect x="5" y="8" width="6" height="6" rx="1" />
    </>
  ),
};
