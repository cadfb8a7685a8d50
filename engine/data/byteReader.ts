import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { EngineError } from '../model/errors.ts';
import { maximumTrainingBytes } from '../model/shapes.ts';
import { fileChunks, type ReadOptions } from './fileChunks.ts';

/** Deflate makes at most so many bytes of one. Source: zlib's documentation, “Maximum Compression Factor”. */
const largestExpansion = 1032;

/** Bytes in pieces, and how many there can be at most. */
export interface ByteSource {
  readonly file: string;
  readonly limit: number;
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** Opens a file, uncompressing it if it begins like gzip. Rejects with `file-not-readable` or `invalid-data`. */
export async function openBytes(file: string, options: ReadOptions = {}): Promise<ByteSource> {
  const { size, chunks } = await fileChunks(file, options);
  const iterator = chunks[Symbol.asyncIterator]();
  const first = await iterator.next();
  const start = first.done ? new Uint8Array() : first.value.slice();
  let begun = false;
  // No generator: one that is let go before its first piece would not let go of the file.
  const rest: AsyncIterator<Uint8Array, void, undefined> = {
    next: async () => {
      if (begun) {
        const next = await iterator.next();
        return next.done ? { value: undefined, done: true } : { value: next.value.slice(), done: false };
      }
      begun = true;
      return { value: start, done: false };
    },
    return: async () => {
      await iterator.return?.();
      return { value: undefined, done: true };
    },
  };
  return uncompressed({ file, limit: size, chunks: { [Symbol.asyncIterator]: () => rest } }, start);
}

/** The bytes within, when `start`, the first of them, are those of gzip. */
export function uncompressed(source: ByteSource, start: Uint8Array): ByteSource {
  if (start[0] !== 0x1f || start[1] !== 0x8b) return source;
  return { ...source, limit: source.limit * largestExpansion, chunks: gunzip(source) };
}

async function* gunzip({ file, chunks }: ByteSource): AsyncGenerator<Uint8Array, void, undefined> {
  const compressed = Readable.from(chunks);
  const stream = createGunzip();
  compressed.on('error', error => stream.destroy(error));
  compressed.pipe(stream);
  try {
    for await (const chunk of stream) yield chunk as Uint8Array;
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_'))
      throw new EngineError(
        'invalid-data',
        'The compressed file is damaged. Download or compress it again.',
        { file },
        { cause: error },
      );
    throw error;
  } finally {
    compressed.destroy();
    stream.destroy();
  }
}

/** Takes bytes off a source in the sizes that a format names, and believes no size that cannot be true. */
export class ByteReader {
  readonly file: string;
  readonly #limit: number;
  readonly #iterator: AsyncIterator<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array();
  #taken = 0;

  constructor({ file, limit, chunks }: ByteSource) {
    this.file = file;
    this.#limit = limit;
    this.#iterator = chunks[Symbol.asyncIterator]();
  }

  /** Exactly `length` bytes. Rejects with `invalid-data` before it allocates what the file cannot hold. */
  async take(length: number): Promise<Uint8Array> {
    if (this.#taken + length > this.#limit) throw this.#tooShort();
    if (length > maximumTrainingBytes) throw this.memoryLimit();
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length;) {
      if (this.#chunk.length === 0 && !(await this.#next())) throw this.#tooShort();
      const part = this.#chunk.subarray(0, length - at);
      bytes.set(part, at);
      at += part.length;
      this.#chunk = this.#chunk.subarray(part.length);
    }
    this.#taken += length;
    return bytes;
  }

  /** Rejects with `invalid-data` when bytes are left over. */
  async end(): Promise<void> {
    while (this.#chunk.length === 0) if (!(await this.#next())) return;
    throw this.invalid('The file goes on after the data that its header announces. It is damaged; write it again.');
  }

  /** Lets go of the file, read to its end or not. */
  async close(): Promise<void> {
    await this.#iterator.return?.();
  }

  invalid(message: string): EngineError {
    return new EngineError('invalid-data', message, { file: this.file });
  }

  memoryLimit(): EngineError {
    return new EngineError(
      'memory-limit',
      `The data take more than the ${String(maximumTrainingBytes / 1024 ** 3)} GB that a training may use. Keep fewer rows or fewer numbers a row.`,
      { file: this.file },
    );
  }

  async #next(): Promise<boolean> {
    const next = await this.#iterator.next();
    if (next.done) return false;
    this.#chunk = next.value;
    return true;
  }

  #tooShort(): EngineError {
    return this.invalid('The file ends before the data that its header announces. It is damaged; get it again.');
  }
}
