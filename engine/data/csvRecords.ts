const quote = 0x22;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;

/** More columns than this is a file read with the wrong delimiter, or an attack. */
export const maximumColumns = 100_000;

/** What `scan` answers instead of where the next record begins. */
export const unfinished = -1;
export const misquoted = -2;
export const tooManyCells = -3;

/**
 * Finds the cells of one record after another in the bytes of a CSV file (RFC 4180, with any delimiter and
 * any line end). A quote opens a quoted cell only where a cell begins; within it, two quotes are one.
 */
export class CsvRecords {
  /** Bounds of each cell, without its quotes. */
  starts = new Int32Array(64);
  ends = new Int32Array(64);
  /** Cells that hold doubled quotes, 1; their text is `unescaped`. */
  escaped = new Uint8Array(64);
  cells = 0;
  /** Line breaks within quoted cells. */
  breaks = 0;
  readonly #delimiter: number;

  constructor(delimiter: number) {
    this.#delimiter = delimiter;
  }

  /**
   * Reads the record that begins at `from`; `bytes` ends at `to`. Answers where the next one begins.
   * `unfinished` when the record goes on behind `to` and the file is not at its end.
   */
  scan(bytes: Uint8Array, from: number, to: number, atEnd: boolean): number {
    const delimiter = this.#delimiter;
    this.cells = 0;
    this.breaks = 0;
    let at = from;
    for (;;) {
      if (this.cells === maximumColumns) return tooManyCells;
      if (this.cells === this.starts.length) this.#grow();
      const cell = this.cells++;
      if (at < to && bytes[at] === quote) {
        at = this.#quoted(cell, bytes, at + 1, to, atEnd);
        if (at < 0) return at;
      } else {
        this.starts[cell] = at;
        this.escaped[cell] = 0;
        while (at < to) {
          const byte = bytes[at]!;
          if (byte === delimiter || byte === lineFeed || byte === carriageReturn) break;
          at++;
        }
        this.ends[cell] = at;
      }
      if (at === to) return atEnd ? at : unfinished;
      const byte = bytes[at++];
      if (byte === delimiter) continue;
      if (byte === lineFeed) return at;
      if (at === to && !atEnd) return unfinished;
      return at < to && bytes[at] === lineFeed ? at + 1 : at;
    }
  }

  /** Reads a cell whose opening quote stands before `from`. Answers where its delimiter or line end is. */
  #quoted(cell: number, bytes: Uint8Array, from: number, to: number, atEnd: boolean): number {
    this.starts[cell] = from;
    this.escaped[cell] = 0;
    let at = from;
    for (;;) {
      while (at < to && bytes[at] !== quote) {
        if (bytes[at] === lineFeed || (bytes[at] === carriageReturn && bytes[at + 1] !== lineFeed)) this.breaks++;
        at++;
      }
      if (at === to) return atEnd ? misquoted : unfinished;
      if (at + 1 === to && !atEnd) return unfinished;
      if (at + 1 === to || bytes[at + 1] !== quote) break;
      this.escaped[cell] = 1;
      at += 2;
    }
    this.ends[cell] = at++;
    while (at < to && bytes[at] === space && this.#delimiter !== space) at++;
    if (at === to) return atEnd ? at : unfinished;
    const byte = bytes[at];
    return byte === this.#delimiter || byte === lineFeed || byte === carriageReturn ? at : misquoted;
  }

  #grow(): void {
    const longer = (array: Int32Array) => {
      const copy = new Int32Array(array.length * 2);
      copy.set(array);
      return copy;
    };
    this.starts = longer(this.starts);
    this.ends = longer(this.ends);
    const escaped = new Uint8Array(this.escaped.length * 2);
    escaped.set(this.escaped);
    this.escaped = escaped;
  }
}

/** The bytes of a cell with each doubled quote made one. */
export function unescaped(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const text = new Uint8Array(end - start);
  let length = 0;
  for (let at = start; at < end; at++) {
    text[length++] = bytes[at]!;
    if (bytes[at] === quote) at++;
  }
  return text.subarray(0, length);
}

/** Delimiters that are looked for, the likeliest first. */
const candidates = [',', ';', '\t', '|'].map(text => text.charCodeAt(0));
const recordsLookedAt = 20;

/**
 * The delimiter that gives the first records the same number of cells most often, and most of them;
 * a comma when none gives more than one cell.
 */
export function sniffDelimiter(bytes: Uint8Array, atEnd: boolean): number {
  let best = candidates[0]!;
  let bestShare = 0;
  let bestCells = 1;
  for (const delimiter of candidates) {
    const counts = cellCounts(bytes, delimiter, atEnd);
    const [first = 1] = counts;
    const share = counts.filter(count => count === first).length / counts.length;
    if (first < 2 || share < bestShare || (share === bestShare && first <= bestCells)) continue;
    [best, bestShare, bestCells] = [delimiter, share, first];
  }
  return best;
}

function cellCounts(bytes: Uint8Array, delimiter: number, atEnd: boolean): number[] {
  const records = new CsvRecords(delimiter);
  const counts: number[] = [];
  for (let at = 0; at < bytes.length && counts.length < recordsLookedAt;) {
    const next = records.scan(bytes, at, bytes.length, atEnd);
    if (next < 0) break;
    const blank = records.cells === 1 && records.starts[0] === records.ends[0];
    if (!blank) counts.push(records.cells);
    at = next;
  }
  return counts;
}
