import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** A file that has another name now. */
export interface FileMove {
  readonly before: string;
  readonly after: string;
}

/** What is kept of all files over a reload of the window: the SHA-256 of each, by its path. */
export type Fingerprints = Readonly<Record<string, string>>;

export interface SightingsMemory {
  read(): Fingerprints;
  write(fingerprints: Fingerprints): void;
}

/** Milliseconds between the going of a file and the coming of another that still count as one move. */
const moment = 10_000;

interface Sighting {
  readonly sha256: string;
  /** When it was seen first, and when it was missed first. */
  readonly since: number;
  readonly gone?: number;
}

/**
 * Finds out which files were renamed by somebody else, a `git mv` say, who leaves no word: a file that is gone, and another of the same
 * content that has come within a moment, or while nobody looked, are one file.
 */
export class ModelSightings {
  readonly #list: () => Promise<readonly string[]>;
  readonly #memory: SightingsMemory;
  readonly #seen: Map<string, Sighting>;
  #looking: Promise<readonly FileMove[]> = Promise.resolve([]);
  #kept = '';

  /** `list` answers with the paths of all files. */
  constructor(list: () => Promise<readonly string[]>, memory: SightingsMemory) {
    this.#list = list;
    this.#memory = memory;
    this.#seen = new Map(
      Object.entries(memory.read()).map(([file, sha256]) => [file, { sha256, since: -Infinity }] as const),
    );
  }

  /** Compares what is there with what was there. One look waits for the other. */
  look(): Promise<readonly FileMove[]> {
    return (this.#looking = this.#looking.then(() => this.#look()));
  }

  /** The content of a file has changed. */
  async note(file: string): Promise<void> {
    const sha256 = await fingerprint(file);
    const known = this.#seen.get(file);
    if (sha256 === undefined || !known || known.sha256 === sha256) return;
    this.#seen.set(file, { ...known, sha256 });
    this.#keep();
  }

  /** Hears of a renaming from who did it: nothing is missing, and nothing new. */
  follow(moved: (file: string) => string | undefined): void {
    for (const [file, sighting] of [...this.#seen]) {
      const now = moved(file);
      if (now === undefined) continue;
      this.#seen.delete(file);
      this.#seen.set(now, sighting);
    }
    this.#keep();
  }

  async #look(): Promise<readonly FileMove[]> {
    const there = new Map<string, string>();
    for (const file of await this.#list()) {
      const sha256 = await fingerprint(file);
      if (sha256 !== undefined) there.set(file, sha256);
    }
    const now = performance.now();
    const isRecent = (time: number) => now - time < moment;
    // Where nothing was ever seen, nothing has come anew either.
    const since = this.#seen.size === 0 ? -Infinity : now;
    for (const [file, sha256] of there) this.#seen.set(file, { sha256, since: this.#seen.get(file)?.since ?? since });
    for (const [file, { sha256, since: first, gone = now }] of [...this.#seen]) {
      if (there.has(file) || existsSync(file)) continue;
      if (isRecent(gone)) this.#seen.set(file, { sha256, since: first, gone });
      else this.#seen.delete(file);
    }
    const moves = matched(
      [...this.#seen].filter(([, { gone }]) => gone !== undefined),
      [...this.#seen].filter(([, { gone, since: first }]) => gone === undefined && isRecent(first)),
    );
    for (const { before, after } of moves) {
      this.#seen.delete(before);
      // It has been found: no other file is looked for behind it.
      const { sha256 = '' } = this.#seen.get(after) ?? {};
      this.#seen.set(after, { sha256, since: -Infinity });
    }
    this.#keep();
    return moves;
  }

  #keep(): void {
    const present = [...this.#seen].filter(([, { gone }]) => gone === undefined);
    const fingerprints = Object.fromEntries(present.map(([file, { sha256 }]) => [file, sha256]));
    const text = JSON.stringify(fingerprints);
    if (text === this.#kept) return;
    this.#kept = text;
    this.#memory.write(fingerprints);
  }
}

/** Pairs what is gone with what has come, of the same content: one of the same name before any other. */
function matched(
  gone: readonly (readonly [string, Sighting])[],
  come: readonly (readonly [string, Sighting])[],
): FileMove[] {
  const free = new Map(come);
  return gone.flatMap(([before, { sha256 }]) => {
    const alike = [...free].filter(([, other]) => other.sha256 === sha256).map(([file]) => file);
    const after = alike.find(file => path.basename(file) === path.basename(before)) ?? alike[0];
    if (after === undefined) return [];
    free.delete(after);
    return { before, after };
  });
}

async function fingerprint(file: string): Promise<string | undefined> {
  try {
    return createHash('sha256')
      .update(await readFile(file))
      .digest('hex');
  } catch {
    // It is gone again, or cannot be read.
    return undefined;
  }
}
