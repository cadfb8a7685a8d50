import type { Picture } from './geometry.ts';

/** What part of the picture is seen: screen = scale · picture + offset. */
export interface Viewport {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

const minimumScale = 0.05;
const maximumScale = 3;
/** Below this a node is a few pixels: columns are drawn as bars and their edges as bands. */
const farScale = 0.34;

export const isFar = ({ scale }: Viewport): boolean => scale < farScale;

/** The viewport that shows the whole picture in the middle, never enlarged. */
export function fit({ width, top, bottom }: Picture, screen: Size): Viewport {
  const margin = 12;
  // Below the columns stand the stepper and the legend, which do not shrink.
  const below = 96;
  const height = screen.height - margin - below;
  const scale = Math.min(1, (screen.width - 2 * margin) / width, height / (bottom - top));
  const bounded = Math.max(minimumScale, scale);
  return {
    scale: bounded,
    x: (screen.width - width * bounded) / 2,
    y: margin + height / 2 - ((top + bottom) / 2) * bounded,
  };
}

/** Zooms by `factor`, keeping the point of the screen at (x, y) in place. */
export function zoomAt(viewport: Viewport, factor: number, x: number, y: number): Viewport {
  const scale = Math.min(maximumScale, Math.max(minimumScale, viewport.scale * factor));
  const ratio = scale / viewport.scale;
  return { scale, x: x - (x - viewport.x) * ratio, y: y - (y - viewport.y) * ratio };
}

/** Moves as little as possible to bring [left, right] of the picture into the window. */
export function showing(
  viewport: Viewport,
  { left, right }: { readonly left: number; readonly right: number },
  { width }: Size,
): Viewport {
  const margin = 24;
  const from = left * viewport.scale + viewport.x - margin;
  const to = right * viewport.scale + viewport.x + margin;
  if (from >= 0 && to <= width) return viewport;
  return { ...viewport, x: viewport.x + (from < 0 || to - from > width ? -from : width - to) };
}

export const toPicture = ({ scale, x, y }: Viewport, screenX: number, screenY: number) => ({
  x: (screenX - x) / scale,
  y: (screenY - y) / scale,
});

/** Left and right end of what is seen, in the picture. */
export function seenSpan(viewport: Viewport, { width }: Size): { readonly left: number; readonly right: number } {
  return { left: toPicture(viewport, 0, 0).x, right: toPicture(viewport, width, 0).x };
}
