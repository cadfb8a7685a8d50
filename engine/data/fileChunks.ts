import { open, type FileHandle } from 'node:fs/promises';
import { EngineError } from '../model/errors.ts';

export interface ReadOptions {
  /** Hears how many bytes of a large file have been read, at most ten times a second. */
  readonly onProgress?: ((read: number, total: number) => void) | undefined;
  /** Ends the reading early; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** A file that is open, and its bytes piece by piece. */
export interface FileChunks {
  readonly size: number;
  /** Each piece is valid until the next is asked for. Closes the file at the end. */
  readonly chunks: AsyncIterable<Uint8Array>;
}

const chunkBytes = 1 << 20;

/** Smaller files are read before a progress could be drawn. */
const progressBytes = 8 << 20;
const progressMilliseconds = 100;

/** Opens a file for reading from its beginning to its end. Rejects with `file-not-readable`. */
export async function fileChunks(file: string, options: ReadOptions = {}): Promise<FileChunks> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file, 'r');
    const status = await handle.stat();
    if (!status.isFile()) throw new Error('It is not a file.');
    return { size: status.size, chunks: readChunks(handle, file, status.size, options) };
  } catch (error) {
    await handle?.close();
    throw notReadable(file, error);
  }
}

async function* readChunks(
  handle: FileHandle,
  file: string,
  size: number,
  { onProgress, signal }: ReadOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const buffer = new Uint8Array(chunkBytes);
  let read = 0;
  let told = performance.now();
  try {
    for (;;) {
      signal?.throwIfAborted();
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, null).catch((error: unknown) => {
        throw notReadable(file, error);
      });
      if (bytesRead === 0) break;
      read += bytesRead;
      yield buffer.subarray(0, bytesRead);
      if (size <= progressBytes || performance.now() - told < progressMilliseconds) continue;
      told = performance.now();
      onProgress?.(Math.min(read, size), size);
    }
    if (size > progressBytes) onProgress?.(size, size);
  } finally {
    await handle.close();
  }
}

const notReadable = (file: string, cause: unknown) =>
  new EngineError(
    'file-not-readable',
    'The data file does not exist or cannot be read. Check its path.',
    { file },
    { cause },
  );
