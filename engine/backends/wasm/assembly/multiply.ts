import { packedRows, zeros } from '../layout';
import { edgeOrTile } from './edgeTile';
import {
  columnPanelBytes,
  packColumnsAcrossDepth,
  packColumnsAlongDepth,
  packRowsAcrossDepth,
  packRowsAlongDepth,
  rowPanelBytes,
} from './pack';
import { rowStep, tileColumns, tileRows, tileStride } from './shape';
import { barrier, scratch, takePiece } from './team';

/*
 * c[rows, columns] ← start + a · b, with a [rows, depth] and b [depth, columns] given by their strides in bytes, so that one multiplication serves the
 * three products of a dense layer. `start` is one row for all, such as a bias, or 0. Each number of c is summed in the order of k, in blocks that
 * depend on the depth alone: packed or not, and whoever computes it, it has the same bits.
 */

/** Largest depth of a block: a panel of columns then fits the first-level cache. */
const largestDepth: i32 = 5120 / tileColumns;
/** Panels of columns that are packed at once. */
const columnPanelsAtOnce: i32 = 128 / tileColumns;
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
        turned ? tileStride : bDepth,
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

/** Blocks of columns, as equal as can be: about 8, of 16 to 128 columns. */
function blocksOf(panels: i32): i32 {
  const least = 16 / tileColumns;
  return max((panels + columnPanelsAtOnce - 1) / columnPanelsAtOnce, min(8, (panels + least - 1) / least));
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
            packed + p * rowPanelBytes(depth) + k * rowStep,
            4,
            rowStep,
            panel,
            tileStride,
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
