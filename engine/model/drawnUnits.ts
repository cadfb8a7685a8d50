/** Nodes drawn of one column; larger layers show their first and last ones, and how many are left out. */
export const maximumDrawn = 12;

/** Where the left-out ones stand in a column that is too large: after so many nodes. */
export const ellipsisAfter = maximumDrawn / 2;

/**
 * Which units of a layer are drawn, and so sampled while it trains: all up to a dozen, else the first six
 * and the last five, the left-out ones taking one place between them.
 */
export function drawnUnits(units: number): readonly number[] {
  if (units <= maximumDrawn) return Array.from({ length: units }, (_, unit) => unit);
  const last = maximumDrawn - ellipsisAfter - 1;
  return Array.from({ length: maximumDrawn - 1 }, (_, i) =>
    i < ellipsisAfter ? i : units - last + (i - ellipsisAfter),
  );
}
