/* The block of c that a multiplication keeps in registers. */

/** Rows of the block. With 2 of the processor's vectors each that is 12 sums, beside which 2 vectors of columns and 1 number of a row find room. */
export const tileRows: i32 = 6;
/** Columns of the block. */
export const tileColumns: i32 = WIDE ? 16 : 8;
/** Bytes of a row of the block. */
export const tileStride: i32 = tileColumns * 4;
/** Bytes of a column of the block: where the next k of packed rows follows. */
export const rowStep: i32 = tileRows * 4;
