import { describe, expect, it } from 'vitest';
import { missingText, progressText } from '../../../engine/protocol/dataText.ts';

describe('what is said of the data', () => {
  it('is how far they have been read', () => {
    expect(progressText(41_000_000, 100_065_080)).toBe('Reading data: 41 of 100 MB');
  });

  it.each([
    [0, 0, undefined],
    [1, 0, '1 row with a missing value is left out.'],
    [12, 0, '12 rows with a missing value are left out.'],
    [0, 1, '1 missing value is filled in from the training rows.'],
    [0, 3, '3 missing values are filled in from the training rows.'],
  ])('with %i rows dropped and %i cells filled is %j', (droppedRows, filledCells, text) => {
    expect(missingText({ droppedRows, filledCells })).toBe(text);
  });
});
