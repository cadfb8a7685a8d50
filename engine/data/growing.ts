/** Numbers in one block; the last block of a column is partly used. */
type Block = Float64Array | Uint16Array;

/** Entries of a full block: 2¹⁶, so that an index is a shift and a mask. */
const blockBits = 16;
const blockLength = 1 << blockBits;

/**
 * Numbers that come one by one and are never counted beforehand. The first block doubles, later ones are
 * added, so that a short column takes little and a long one is never copied as a whole.
 */
export class Growing {
  readonly #make: (length: number) => Block;
  readonly #blocks: Block[];
  #last: Block;
  /** Used entries of the last block. */
  #used = 0;

  constructor(make: (length: number) => Block) {
    this.#make = make;
    this.#last = make(8);
    this.#blocks = [this.#last];
  }

  get length(): number {
    return (this.#blocks.length - 1) * blockLength + this.#used;
  }

  push(value: number): void {
    if (this.#used === this.#last.length) this.#grow();
    this.#last[this.#used++] = value;
  }

  at(index: number): number {
    return this.#blocks[index >> blockBits]![index & (blockLength - 1)]!;
  }

  #grow(): void {
    if (this.#last.length === blockLength) {
      this.#last = this.#make(blockLength);
      this.#blocks.push(this.#last);
      this.#used = 0;
      return;
    }
    const longer = this.#make(this.#last.length * 2);
    longer.set(this.#last);
    this.#last = longer;
    this.#blocks[0] = longer;
  }
}
