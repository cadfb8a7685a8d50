import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import type { BackendName } from '../../engine/model/dataFields.ts';

/** Node from here on can run the training process, and from there on gives the CPU's kernels what the editor's own Node gives them. */
const oldestNode = 20;
const oldestNodeForAuto = 22;

interface Surroundings {
  /** Whether the editor's own Node is Electron, under which a GPU cannot be read back. */
  readonly isElectron: boolean;
  /** What `mlpStudio.nodePath` says; empty where it says nothing. */
  readonly configured: () => string;
  readonly searchPath: string;
}

/**
 * Which Node runs the training process. The desktop editor's own is Electron, which cannot read a GPU back; so a model that may train
 * on one is given a Node of the user's, where there is one.
 */
export class NodeChoice {
  readonly #surroundings: Surroundings;
  /** Major versions by path; undefined where it is no Node. */
  readonly #versions = new Map<string, number | undefined>();

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  /** The Node for models of this backend; undefined where the editor's own does. */
  pathFor(backend: BackendName): string | undefined {
    if (!this.#surroundings.isElectron || (backend !== 'gpu' && backend !== 'auto')) return undefined;
    const oldest = backend === 'gpu' ? oldestNode : oldestNodeForAuto;
    const found = this.find();
    return found && found.version >= oldest ? found.path : undefined;
  }

  /** The configured Node, else the one on the path, if it is recent enough to train at all. */
  find(): { readonly path: string; readonly version: number } | undefined {
    const { configured, searchPath } = this.#surroundings;
    const name = process.platform === 'win32' ? 'node.exe' : 'node';
    const places = configured()
      ? [configured()]
      : searchPath.split(path.delimiter).map(folder => path.join(folder, name));
    const file = places.find(isExecutable);
    const version = file === undefined ? undefined : this.#versionOf(file);
    return file !== undefined && version !== undefined && version >= oldestNode ? { path: file, version } : undefined;
  }

  #versionOf(file: string): number | undefined {
    if (!this.#versions.has(file)) this.#versions.set(file, readVersion(file));
    return this.#versions.get(file);
  }
}

function readVersion(file: string): number | undefined {
  try {
    const text = execFileSync(file, ['--version'], { encoding: 'utf8', timeout: 5000 });
    const [, major] = /^v(\d+)\./.exec(text) ?? [];
    return major === undefined ? undefined : Number(major);
  } catch {
    return undefined;
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
