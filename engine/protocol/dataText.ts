import type { DataDescription } from './trainer.ts';

/** How far the reading of the data has come, in words. */
export const progressText = (bytesRead: number, bytesTotal: number): string =>
  `Reading data: ${megabytes(bytesRead)} of ${megabytes(bytesTotal)} MB`;

const megabytes = (bytes: number) => String(Math.round(bytes / 1e6));

/** What the user should know about missing values; undefined when there were none. */
export function missingText({
  droppedRows,
  filledCells,
}: Pick<DataDescription, 'droppedRows' | 'filledCells'>): string | undefined {
  if (droppedRows > 0)
    return `${counted(droppedRows, 'row')} with a missing value ${droppedRows === 1 ? 'is' : 'are'} left out.`;
  if (filledCells > 0)
    return `${counted(filledCells, 'missing value')} ${filledCells === 1 ? 'is' : 'are'} filled in from the training rows.`;
  return undefined;
}

const counted = (count: number, word: string) => `${String(count)} ${word}${count === 1 ? '' : 's'}`;
