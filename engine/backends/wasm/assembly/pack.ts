import { rowStep, tileColumns, tileRows, tileStride } from './shape';
import { copyRow } from './vector';

/*
 * A panel is what one tile reads from end to end: 6 rows, or 8 or 16 columns, of an operand, laid out k by k. Operands with rows a power of two
 * apart would otherwise fall into the same few lines of the cache.
 * Rows and columns past the edge hold anything; what they give is never stored.
 */

/** Bytes of a panel of rows; the last 64 keep neighbours out of each other's cache lines. */
export function rowPanelBytes(depth: i32): i32 {
  return depth * rowStep + 64;
}

/** Bytes of a panel of columns. */
export function columnPanelBytes(depth: i32): i32 {
  return depth * tileStride + 64;
}

/** panel[k, 6] ← rows of a matrix whose numbers lie side by side along k. `rows` of the 6 are there. */
export function packRowsAlongDepth(source: usize, stride: i32, rows: i32, depth: i32, panel: usize): void {
  const s1 = source + stride * min(1, rows - 1);
  const s2 = source + stride * min(2, rows - 1);
  const s3 = source + stride * min(3, rows - 1);
  const s4 = source + stride * min(4, rows - 1);
  const s5 = source + stride * min(5, rows - 1);
  let k = 0;
  for (; k + 4 <= depth; k += 4) {
    const at = k << 2;
    const r0 = v128.load(source + at);
    const r1 = v128.load(s1 + at);
    const r2 = v128.load(s2 + at);
    const r3 = v128.load(s3 + at);
    const r4 = v128.load(s4 + at);
    const r5 = v128.load(s5 + at);
    const low01 = i8x16.shuffle(r0, r1, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
    const high01 = i8x16.shuffle(r0, r1, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
    const low23 = i8x16.shuffle(r2, r3, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
    const high23 = i8x16.shuffle(r2, r3, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
    const low45 = i8x16.shuffle(r4, r5, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
    const high45 = i8x16.shuffle(r4, r5, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
    v128.store(panel, i8x16.shuffle(low01, low23, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23));
    v128.store64_lane(panel, low45, 0, 16);
    v128.store(panel, i8x16.shuffle(low01, low23, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31), 24);
    v128.store64_lane(panel, low45, 1, 40);
    v128.store(panel, i8x16.shuffle(high01, high23, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23), 48);
    v128.store64_lane(panel, high45, 0, 64);
    v128.store(panel, i8x16.shuffle(high01, high23, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31), 72);
    v128.store64_lane(panel, high45, 1, 88);
    panel += 96;
  }
  for (; k < depth; k++) {
    const at = k << 2;
    f32.store(panel, f32.load(source + at));
    f32.store(panel, f32.load(s1 + at), 4);
    f32.store(panel, f32.load(s2 + at), 8);
    f32.store(panel, f32.load(s3 + at), 12);
    f32.store(panel, f32.load(s4 + at), 16);
    f32.store(panel, f32.load(s5 + at), 20);
    panel += rowStep;
  }
}

/** Panels [k, 6], one after the other, ← rows whose numbers lie `stride` bytes apart along k: `rows` rows from `source` on. */
export function packRowsAcrossDepth(source: usize, stride: i32, rows: i32, depth: i32, panels: usize): void {
  const panelBytes = rowPanelBytes(depth);
  for (let k = 0; k < depth; k++) {
    let from = source;
    let to = panels;
    let row = 0;
    for (; row + tileRows <= rows; row += tileRows) {
      v128.store(to, v128.load(from));
      v128.store64_lane(to, v128.load64_zero(from, 16), 0, 16);
      from += rowStep;
      to += panelBytes;
    }
    for (let i = 0; row + i < rows; i++) f32.store(to + (i << 2), f32.load(from + (i << 2)));
    source += stride;
    panels += rowStep;
  }
}

/** panel[k, 8 or 16] ← columns of a matrix whose numbers lie side by side along k. `columns` of them are there. */
export function packColumnsAlongDepth(source: usize, stride: i32, columns: i32, depth: i32, panel: usize): void {
  for (let first = 0; first < tileColumns; first += 4) {
    const s0 = source + stride * min(first, columns - 1);
    const s1 = source + stride * min(first + 1, columns - 1);
    const s2 = source + stride * min(first + 2, columns - 1);
    const s3 = source + stride * min(first + 3, columns - 1);
    let to = panel + (first << 2);
    let k = 0;
    for (; k + 4 <= depth; k += 4) {
      const at = k << 2;
      const r0 = v128.load(s0 + at);
      const r1 = v128.load(s1 + at);
      const r2 = v128.load(s2 + at);
      const r3 = v128.load(s3 + at);
      const low01 = i8x16.shuffle(r0, r1, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
      const high01 = i8x16.shuffle(r0, r1, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
      const low23 = i8x16.shuffle(r2, r3, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
      const high23 = i8x16.shuffle(r2, r3, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
      v128.store(to, i8x16.shuffle(low01, low23, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23));
      v128.store(
        to,
        i8x16.shuffle(low01, low23, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31),
        tileStride,
      );
      v128.store(
        to,
        i8x16.shuffle(high01, high23, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23),
        2 * tileStride,
      );
      v128.store(
        to,
        i8x16.shuffle(high01, high23, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31),
        3 * tileStride,
      );
      to += 4 * tileStride;
    }
    for (; k < depth; k++) {
      const at = k << 2;
      f32.store(to, f32.load(s0 + at));
      f32.store(to, f32.load(s1 + at), 4);
      f32.store(to, f32.load(s2 + at), 8);
      f32.store(to, f32.load(s3 + at), 12);
      to += tileStride;
    }
  }
}

/** Panels [k, 8 or 16], one after the other, ← columns that lie side by side in rows `stride` bytes apart. */
export function packColumnsAcrossDepth(source: usize, stride: i32, columns: i32, depth: i32, panels: usize): void {
  const panelBytes = columnPanelBytes(depth);
  for (let k = 0; k < depth; k++) {
    let from = source;
    let to = panels;
    let left = columns;
    for (; left >= tileColumns; left -= tileColumns) {
      v128.store(to, v128.load(from));
      v128.store(to, v128.load(from, 16), 16);
      if (tileColumns == 16) {
        v128.store(to, v128.load(from, 32), 32);
        v128.store(to, v128.load(from, 48), 48);
      }
      from += tileStride;
      to += panelBytes;
    }
    copyRow(from, to, left);
    source += stride;
    panels += tileStride;
  }
}
