import { IconButton } from '../kit/button.tsx';
import { t } from '../kit/language.ts';
import { zoomStep } from './canvasKeys.ts';
import type { Designer } from './state.ts';
import { zoomAt, type Size, type Viewport } from './viewport.ts';

interface ZoomBarProps {
  readonly designer: Designer;
  readonly viewport: Viewport;
  readonly size: Size;
}

/** Zoom and fit. */
export function ZoomBar({ designer: { store }, viewport, size }: ZoomBarProps) {
  const zoom = (factor: number) =>
    store.update({ viewport: zoomAt(viewport, factor, size.width / 2, size.height / 2) });
  return (
    <div class="zoom">
      <IconButton icon="zoom-out" label={t('Zoom out (Page Down)')} onPress={() => zoom(1 / zoomStep)} />
      <span class="small" data-testid="zoom">
        {Math.round(viewport.scale * 100)}%
      </span>
      <IconButton icon="zoom-in" label={t('Zoom in (Page Up)')} onPress={() => zoom(zoomStep)} />
      <IconButton
        icon="screen-full"
        label={t('Fit the network into the window (0)')}
        onPress={() => store.update({ viewport: undefined })}
        testId="fit"
      />
    </div>
  );
}
