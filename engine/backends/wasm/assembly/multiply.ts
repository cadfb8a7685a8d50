import { columnBlockBytes, packedRows, zeros } from '../layout';
import {
  columnPanelBytes,
  packColumnsAcrossDepth,
  packColumnsAlongDepth,
  packRowsAcrossDepth,
  packRowsAlongDepth,
  rowPanelBytes,
} from './pack';
import { barrier, scratch, takePiece } from './team';
import { tile, tileColumns, tileRows } from './tile';
import { storePart } from './vector';

/*
 * c[rows, columns] ← start + a · b, with a [rows, depth] and b [depth, columns] given by their strides in bytes, so that one multiplication serves the
 * three products of a dense layer. `start` is one row for all, such as a bias, or 0. Each number of c is summed in the order of k, in blocks that
 * depend on the depth alone: packed or not, and whoever computes it, it has the same bits.
 */

/** Largest depth of a block: a panel of columns then fits the first-level cache. */
const largestDepth: i32 = 640;
/** Panels of rows that stay in the second-level cache. */
const rowPanelsAtOnce: i32 = 32;
/** Panels of rows that are packed as one piece: where their numbers lie side by side along k, and where rows do. */
const packedPanelsAlong: i32 = 2;
const packedPanelsAcross: i32 = 8;
/** Below so many multiplications packing costs more than it saves. */
const directWork: i32 = 65536;

export function multiply(
  rows: i32,
  columns: i32,
  depth: i32,
  a: usize,
  aRow: i32,
  aDepth: i32,
  b: usize,
  bColumn: i32,
  bDepth: i32,
  start: usize,
  c: usize,
): void {
  if (depth <= largestDepth && <i64>rows * columns * depth <= directWork)
    multiplyDirectly(rows, columns, depth, a, aRow, aDepth, b, bColumn, bDepth, start, c);
  else multiplyPacked(rows, columns, depth, a, aRow, aDepth, b, bColumn, bDepth, start, c);
}

/** For small operands: the tiles read them where they are; only columns that lie along k are turned first. */
function multiplyDirectly(
  rows: i32,
  columns: i32,
  depth: i32,
  a: usize,
  aRow: i32,
  aDepth: i32,
  b: usize,
  bColumn: i32,
  bDepth: i32,
  start: usize,
  c: usize,
): void {
  const panel = scratch();
  const turned = bColumn != 4;
  for (let column = 0; column < columns; column += tileColumns) {
    const width = min(tileColumns, columns - column);
    const from = b + column * bColumn;
    if (turned) packColumnsAlongDepth(from, bColumn, width, depth, panel);
    const begin: usize = start == 0 ? <usize>zeros : start + (column << 2);
    for (let row = 0; row < rows; row += tileRows)
      edgeOrTile(
        a + row * aRow,
        aRow,
        aDepth,
        turned ? panel : from,
        turned ? 32 : bDepth,
        depth,
        min(tileRows, rows - row),
        width,
        begin,
        c + ((row * columns + column) << 2),
        columns << 2,
        true,
      );
  }
}

/** Packs all rows, then lets each thread pack and multiply one block of columns after the other. */
function multiplyPacked(
  rows: i32,
  columns: i32,
  depth: i32,
  a: usize,
  aRow: i32,
  aDepth: i32,
  b: usize,
  bColumn: i32,
  bDepth: i32,
  start: usize,
  c: usize,
): void {
  const panels = (rows + tileRows - 1) / tileRows;
  const packed = <usize>i32.load(packedRows);
  const panelBytes = rowPanelBytes(depth);
  const packedPanels = aRow == 4 ? packedPanelsAcross : packedPanelsAlong;
  const packs = (panels + packedPanels - 1) / packedPanels;
  for (let piece = takePiece(packs); piece >= 0; piece = takePiece(packs)) {
    const first = piece * packedPanels;
    const last = min(panels, first + packedPanels);
    if (aRow == 4) {
      const row = first * tileRows;
      packRowsAcrossDepth(a + (row << 2), aDepth, min(rows, last * tileRows) - row, depth, packed + first * panelBytes);
    } else {
      for (let panel = first; panel < last; panel++) {
        const row = panel * tileRows;
        packRowsAlongDepth(a + row * aRow, aRow, min(tileRows, rows - row), depth, packed + panel * panelBytes);
      }
    }
  }
  barrier();

  const columnPanels = (columns + tileColumns - 1) / tileColumns;
  const blocks = blocksOf(columnPanels);
  // A narrow product is cut along its rows instead; each piece then packs the same few columns.
  const groupPanels = blocks < 4 ? rowPanelsAtOnce / 2 : panels;
  const groups = (panels + groupPanels - 1) / groupPanels;
  for (let piece = takePiece(blocks * groups); piece >= 0; piece = takePiece(blocks * groups)) {
    const block = piece / groups;
    const column = ((block * columnPanels) / blocks) * tileColumns;
    const end = min(columns, (((block + 1) * columnPanels) / blocks) * tileColumns);
    const firstPanel = (piece % groups) * groupPanels;
    multiplyBlock(
      firstPanel,
      min(panels, firstPanel + groupPanels),
      rows,
      packed,
      column,
      end - column,
      columns,
      depth,
      b,
      bColumn,
      bDepth,
      start,
      c,
    );
  }
  barrier();
}

/** Blocks of columns, as equal as can be: about 8, of 2 to 16 panels. */
function blocksOf(panels: i32): i32 {
  return max((panels + 15) >> 4, min(8, (panels + 1) >> 1));
}

/** c[rows of the panels, columns of the block] ← start + a · b, one block of depth after the other. */
function multiplyBlock(
  firstPanel: i32,
  lastPanel: i32,
  rows: i32,
  packed: usize,
  column: i32,
  width: i32,
  columns: i32,
  depth: i32,
  b: usize,
  bColumn: i32,
  bDepth: i32,
  start: usize,
  c: usize,
): void {
  const parts = (depth + largestDepth - 1) / largestDepth;
  const partDepth = (depth + parts - 1) / parts;
  const block = scratch();
  const begin: usize = start == 0 ? <usize>zeros : start + (column << 2);
  for (let k = 0; k < depth; k += partDepth) {
    const length = min(partDepth, depth - k);
    const columnBytes = columnPanelBytes(length);
    const from = b + column * bColumn + k * bDepth;
    if (bColumn == 4) packColumnsAcrossDepth(from, bDepth, width, length, block);
    else
      for (let i = 0; i < width; i += tileColumns)
        packColumnsAlongDepth(
          from + i * bColumn,
          bColumn,
          min(tileColumns, width - i),
          length,
          block + (i / tileColumns) * columnBytes,
        );
    for (let chunk = firstPanel; chunk < lastPanel; chunk += rowPanelsAtOnce) {
      const chunkEnd = min(lastPanel, chunk + rowPanelsAtOnce);
      for (let i = 0; i < width; i += tileColumns) {
        const panel = block + (i / tileColumns) * columnBytes;
        for (let p = chunk; p < chunkEnd; p++) {
          const row = p * tileRows;
          edgeOrTile(
            packed + p * rowPanelBytes(depth) + k * 24,
            4,
            24,
            panel,
            32,
            length,
            min(tileRows, rows - row),
            min(tileColumns, width - i),
            start == 0 ? <usize>zeros : begin + (i << 2),
            c + ((row * columns + column + i) << 2),
            columns << 2,
            k == 0,
          );
        }
      }
    }
  }
}

/** One tile, whole or cut off by the edge of c. The first part of the depth starts from `begin`, later ones from what c holds. */
// @ts-ignore: decorators are the compiler's own.
@inline
function edgeOrTile(
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
  if (height == tileRows && width == tileColumns)
    tile(
      a,
      a + aRow,
      a + 2 * aRow,
      a + 3 * aRow,
      a + 4 * aRow,
      a + 5 * aRow,
      aStep,
      b,
      bStep,
      depth,
      isFirst ? begin : c,
      isFirst ? 0 : stride,
      c,
      stride,
    );
  else edgeTile(a, aRow, aStep, b, bStep, depth, height, width, begin, c, stride, isFirst);
}

/** A tile of which `height` rows and `width` columns lie inside c; rows past the edge repeat the last. */
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
  if (!isFirst)
    for (let row = 0; row < height; row++)
      for (let column = 0; column < width; column++)
        f32.store(whole + row * 32 + (column << 2), f32.load(c + row * stride + (column << 2)));
  tile(
    a,
    a + min(1, height - 1) * aRow,
    a + min(2, height - 1) * aRow,
    a + min(3, height - 1) * aRow,
    a + min(4, height - 1) * aRow,
    a + min(5, height - 1) * aRow,
    aStep,
    b,
    bStep,
    depth,
    isFirst ? begin : whole,
    isFirst ? 0 : 32,
    whole,
    32,
  );
  for (let row = 0; row < height; row++) {
    const from = whole + row * 32;
    const to = c + row * stride;
    if (width >= 4) {
      v128.store(to, v128.load(from));
      if (width == 8) v128.store(to, v128.load(from, 16), 16);
      else if (width > 4) storePart(to + 16, v128.load(from, 16), width - 4);
    } else storePart(to, v128.load(from), width);
  }
}
