import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { EngineError } from '../model/errors.ts';

/**
 * Replaces a file so that a crash at any instant leaves either the old or the new one, whole:
 * temporary file, flush to disk, rename, flush of the folder. Throws `file-not-writable`.
 */
export function writeFileAtomically(file: string, content: string | Uint8Array): void {
  const temporary = `${file}.${String(process.pid)}.tmp`;
  try {
    const descriptor = openSync(temporary, 'w');
    try {
      const bytes = typeof content === 'string' ? Buffer.from(content) : content;
      for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, file);
    syncFolder(path.dirname(file));
  } catch (error) {
    rmSync(temporary, { force: true });
    const reason = error instanceof Error ? error.message : String(error);
    throw new EngineError(
      'file-not-writable',
      `The file cannot be written (${reason}). Free space, or choose another folder.`,
      { file },
      { cause: error },
    );
  }
}

/** Makes the rename itself durable. Windows cannot open a folder, and needs no flush of it. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
