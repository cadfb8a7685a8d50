/**
 * The line on which each row of a table begins. Most rows follow the one before by one line, so only
 * those that do not are kept.
 */
export class RowLines {
  /** Rows from which on the distance between row and line is another. */
  readonly #rows: number[] = [];
  readonly #distances: number[] = [];

  /** Says where the next row begins. */
  add(row: number, line: number): void {
    if (this.#distances.at(-1) === line - row) return;
    this.#rows.push(row);
    this.#distances.push(line - row);
  }

  lineOf(row: number): number {
    let [low, high] = [0, this.#rows.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.#rows[middle]! <= row) low = middle;
      else high = middle - 1;
    }
    return row + (this.#distances[low] ?? 1);
  }
}
