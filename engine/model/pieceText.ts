/** Replaces `length` characters from `offset` by `content`. */
export interface TextEdit {
  readonly offset: number;
  readonly length: number;
  readonly content: string;
}

interface Piece {
  readonly text: string;
  /** Where it stands in the original; undefined for what was written since. */
  readonly origin: number | undefined;
}

/**
 * A text that is changed step by step and still knows which of its characters are original, so that all
 * steps together are one small change of the original.
 */
export class PieceText {
  readonly #originalLength: number;
  #pieces: readonly Piece[];

  constructor(original: string) {
    this.#originalLength = original.length;
    this.#pieces = [{ text: original, origin: 0 }];
  }

  get text(): string {
    return this.#pieces.map(({ text }) => text).join('');
  }

  /** Makes edits that name offsets of the text as it is now. */
  apply(edits: readonly TextEdit[]): void {
    for (const edit of edits.toSorted((a, b) => b.offset - a.offset)) this.#replace(edit);
  }

  /** What turns the original into the text, from its end to its beginning. */
  get edits(): TextEdit[] {
    const edits: TextEdit[] = [];
    let from = 0;
    let written = '';
    const close = (to: number) => {
      if (to > from || written !== '') edits.push({ offset: from, length: to - from, content: written });
      written = '';
    };
    for (const { text, origin } of this.#pieces) {
      if (origin === undefined) {
        written += text;
        continue;
      }
      close(origin);
      from = origin + text.length;
    }
    close(this.#originalLength);
    return edits.reverse();
  }

  #replace({ offset, length, content }: TextEdit): void {
    const before: Piece[] = [];
    const after: Piece[] = [];
    let start = 0;
    for (const { text, origin } of this.#pieces) {
      const head = text.slice(0, Math.max(0, offset - start));
      const cut = Math.max(0, offset + length - start);
      const tail = text.slice(cut);
      if (start < offset && head !== '') before.push({ text: head, origin });
      if (tail !== '' && start + text.length > offset + length)
        after.push({ text: tail, origin: origin === undefined ? undefined : origin + Math.min(cut, text.length) });
      start += text.length;
    }
    const written = content === '' ? [] : [{ text: content, origin: undefined }];
    this.#pieces = [...before, ...written, ...after];
  }
}
