import { decimal } from './decimal.ts';
import { Dictionary } from './dictionary.ts';
import { Growing } from './growing.ts';

/** A cell worth naming in a message. */
export interface Cell {
  readonly row: number;
  readonly text: string;
}

/** Texts that mean "no value" in a column of numbers, as spreadsheets, R and pandas write them. */
const missingWords = new Set(['NA', 'N/A', 'NaN', 'nan', 'null', '?']);
const longestMissingWord = 4;

/** Whether a text stands for a missing number. */
export const isMissingWord = (text: string): boolean => missingWords.has(text);

/** The code of an empty cell; a text has the code of its dictionary, plus 1. */
const emptyCode = 0;

/**
 * One column of a table, built cell by cell. Whether it holds numbers or categories is known only at the end.
 * While there are few different texts, each cell is kept as the code of its text, two bytes; from the first
 * text too many on only as a number, which is NaN where a cell has none.
 */
export class Column {
  readonly #dictionary = new Dictionary();
  /** The number of each text by its code; NaN for an empty cell and for one that is no number. */
  readonly #values: number[] = [NaN];
  #codes: Growing | undefined = new Growing(length => new Uint16Array(length));
  #numbers: Growing | undefined;
  #rows = 0;
  #numeric = 0;
  #texts = 0;
  #firstEmpty: Cell | undefined;
  #firstWord: Cell | undefined;
  #firstText: Cell | undefined;

  /** The different texts in the order of their appearance; undefined when there are too many. */
  get texts(): readonly string[] | undefined {
    return this.#codes && this.#dictionary.texts;
  }

  /** The row in which a text appeared first. */
  firstRowOf(text: number): number {
    return this.#dictionary.firstRows[text] ?? 0;
  }

  /** The first of the different texts, up to the most that are kept, that fails a test: its index, or −1. */
  findText(test: (text: string) => boolean): number {
    return this.#dictionary.texts.findIndex(test);
  }

  textAt(text: number): string {
    return this.#dictionary.texts[text] ?? '';
  }

  /** The index in `texts` of a row's cell; −1 when the cell is empty. */
  codeAt(row: number): number {
    return (this.#codes?.at(row) ?? emptyCode) - 1;
  }

  /** The number of a row's cell; NaN when it has none. */
  numberAt(row: number): number {
    return this.#codes ? this.#values[this.#codes.at(row)]! : (this.#numbers?.at(row) ?? NaN);
  }

  get firstEmpty(): Cell | undefined {
    return this.#firstEmpty;
  }

  /** The first cell that is neither empty, nor a number, nor a word for a missing one. */
  get firstText(): Cell | undefined {
    return this.#firstText;
  }

  /** The first cell without a value, when the column holds numbers. */
  get firstMissingNumber(): Cell | undefined {
    const [empty, word] = [this.#firstEmpty, this.#firstWord];
    return empty && word ? (empty.row < word.row ? empty : word) : (empty ?? word);
  }

  /** Whether every cell that has a value has a number. */
  get isNumeric(): boolean {
    return this.#numeric > 0 && this.#texts === 0;
  }

  /** Whether more cells hold numbers than texts. */
  get isMostlyNumeric(): boolean {
    return this.#numeric > this.#texts;
  }

  /** Adds the cell of the next row: the bytes of a text without white space around it. */
  add(bytes: Uint8Array, start: number, end: number): void {
    const row = this.#rows++;
    if (start === end) {
      this.#firstEmpty ??= { row, text: '' };
      if (this.#codes) this.#codes.push(emptyCode);
      else this.#numbers?.push(NaN);
      return;
    }
    if (this.#codes) {
      const code = this.#dictionary.codeOf(bytes, start, end, row) + 1;
      if (code !== emptyCode) {
        if (code === this.#values.length) this.#values.push(decimal(bytes, start, end));
        this.#codes.push(code);
        if (Number.isNaN(this.#values[code]!)) this.#countText(this.#dictionary.texts[code - 1]!, row);
        else this.#numeric++;
        return;
      }
      this.#keepOnlyNumbers(this.#codes);
    }
    const value = decimal(bytes, start, end);
    this.#numbers?.push(value);
    if (!Number.isNaN(value)) this.#numeric++;
    else if (this.#firstText && end - start > longestMissingWord) this.#texts++;
    else this.#countText(textOf(bytes, start, end), row);
  }

  #countText(text: string, row: number): void {
    if (missingWords.has(text)) this.#firstWord ??= { row, text };
    else {
      this.#texts++;
      this.#firstText ??= { row, text };
    }
  }

  #keepOnlyNumbers(codes: Growing): void {
    const numbers = new Growing(length => new Float64Array(length));
    for (let row = 0; row < codes.length; row++) numbers.push(this.#values[codes.at(row)]!);
    this.#numbers = numbers;
    this.#codes = undefined;
  }
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** A cell as text. */
export const textOf = (bytes: Uint8Array, start: number, end: number): string =>
  decoder.decode(bytes.subarray(start, end));
