/** More different texts than this are no categories. */
export const maximumTexts = 1000;

/** Texts up to so many bytes are told apart by their key alone. */
const shortLength = 3;

/**
 * Gives each different text a code: 0, 1, … in the order of appearance. Texts are compared as bytes, in a hash
 * table with open addressing, so that a cell seen before costs no string.
 */
export class Dictionary {
  /** The texts by their codes. */
  readonly texts: string[] = [];
  /** The row in which each text appeared first. */
  readonly firstRows: number[] = [];
  readonly #bytes: Uint8Array[] = [];
  /** Pairs of a key and a code, −1 in a free one; a power of two of them, at most half of them taken. */
  #slots = new Int32Array(16).fill(-1);

  /** The code of a text; −1 when it would be one too many. */
  codeOf(bytes: Uint8Array, start: number, end: number, row: number): number {
    const key = keyOf(bytes, start, end);
    const slots = this.#slots;
    let at = slotOf(key, slots.length);
    for (let code = slots[at + 1]!; code >= 0; code = slots[at + 1]!) {
      if (slots[at] === key && (key >= 0 || equal(this.#bytes[code]!, bytes, start, end))) return code;
      at = (at + 2) & (slots.length - 1);
    }
    if (this.texts.length === maximumTexts) return -1;
    return this.#add(at, key, bytes.slice(start, end), row);
  }

  #add(at: number, key: number, bytes: Uint8Array, row: number): number {
    const code = this.texts.length;
    this.texts.push(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
    this.firstRows.push(row);
    this.#bytes.push(bytes);
    this.#slots[at] = key;
    this.#slots[at + 1] = code;
    if (this.texts.length * 4 > this.#slots.length) this.#grow();
    return code;
  }

  #grow(): void {
    const slots = new Int32Array(this.#slots.length * 4).fill(-1);
    for (let from = 0; from < this.#slots.length; from += 2) {
      const [key, code] = [this.#slots[from]!, this.#slots[from + 1]!];
      if (code < 0) continue;
      let at = slotOf(key, slots.length);
      while (slots[at + 1]! >= 0) at = (at + 2) & (slots.length - 1);
      slots[at] = key;
      slots[at + 1] = code;
    }
    this.#slots = slots;
  }
}

/** Where a key is looked for first: an even index. */
const slotOf = (key: number, length: number): number => (Math.imul(key, 0x9e3779b1) >>> 15) & (length - 2);

/** A short text as a number from 0 on: length and bytes. A longer one as its hash, below 0: FNV-1a (Fowler, Noll & Vo). */
function keyOf(bytes: Uint8Array, start: number, end: number): number {
  if (end - start <= shortLength) {
    let key = end - start;
    for (let i = start; i < end; i++) key = (key << 8) | bytes[i]!;
    return key;
  }
  let hash = 0x811c9dc5;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  return hash | 0x80000000;
}

function equal(known: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (known.length !== end - start) return false;
  for (let i = 0; i < known.length; i++) if (known[i] !== bytes[start + i]) return false;
  return true;
}
