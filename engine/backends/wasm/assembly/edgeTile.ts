import { columnBlockBytes } from '../layout';
import { tileColumns, tileRows, tileStride } from './shape';
import { scratch } from './team';
import { tile } from './tile';
import { copyRow } from './vector';
import { wideTile } from './wideTile';

/**
 * c[height, width] ← start + a · b, one tile, whole or cut off by the edge of c. The first part of the depth starts from `begin`, later ones from
 * what c holds.
 */
// @ts-ignore: decorators are the compiler's own.
@inline
export function edgeOrTile(
  a: usize,
  aRow: i32,
  aStep: i32,
  b: usize,
  bStep: i32,
  depth: i32,
  height: i32,
  width: i32,
  begin: usize,
  c: usize,
  stride: i32,
  isFirst: bool,
): void {
  if (height == tileRows && (width == tileColumns || width == 8))
    fittingTile(width, height, a, aRow, aStep, b, bStep, depth, isFirst ? begin : c, isFirst ? 0 : stride, c, stride);
  else edgeTile(a, aRow, aStep, b, bStep, depth, height, width, begin, c, stride, isFirst);
}

/** A tile of which `height` rows and `width` columns lie inside c. */
function edgeTile(
  a: usize,
  aRow: i32,
  aStep: i32,
  b: usize,
  bStep: i32,
  depth: i32,
  height: i32,
  width: i32,
  begin: usize,
  c: usize,
  stride: i32,
  isFirst: bool,
): void {
  const whole = scratch() + columnBlockBytes;
  if (!isFirst) for (let row = 0; row < height; row++) copyRow(c + row * stride, whole + row * tileStride, width);
  fittingTile(
    width,
    height,
    a,
    aRow,
    aStep,
    b,
    bStep,
    depth,
    isFirst ? begin : whole,
    isFirst ? 0 : tileStride,
    whole,
    tileStride,
  );
  for (let row = 0; row < height; row++) copyRow(whole + row * tileStride, c + row * stride, width);
}

/** The narrowest tile that holds so many columns; rows past `height` repeat the last. */
// @ts-ignore: decorators are the compiler's own.
@inline
function fittingTile(
  width: i32,
  height: i32,
  a: usize,
  aRow: i32,
  aStep: i32,
  b: usize,
  bStep: i32,
  depth: i32,
  from: usize,
  fromStride: i32,
  c: usize,
  stride: i32,
): void {
  const last = height - 1;
  const a1 = a + min(1, last) * aRow;
  const a2 = a + min(2, last) * aRow;
  const a3 = a + min(3, last) * aRow;
  const a4 = a + min(4, last) * aRow;
  const a5 = a + min(5, last) * aRow;
  if (tileColumns == 16 && width > 8)
    wideTile(a, a1, a2, a3, a4, a5, aStep, b, bStep, depth, from, fromStride, c, stride);
  else tile(a, a1, a2, a3, a4, a5, aStep, b, bStep, depth, from, fromStride, c, stride);
}
