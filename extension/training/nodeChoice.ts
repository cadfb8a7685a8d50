import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { t } from '@vscode/l10n';
import type { BackendName } from '../../engine/model/dataFields.ts';

/** Node from here on can run the training process, and from there on gives the CPU's kernels what the editor's own Node gives them. */
const oldestNode = 20;
const oldestNodeForAuto = 22;
/** Milliseconds that a program may take to say its version: the editor waits for it. */
const patience = 2000;

interface Surroundings {
  /** Whether the editor's own Node is Electron, under which a GPU cannot be read back. */
  readonly isElectron: boolean;
  /** What `mlpStudio.nodePath` says; empty where it says nothing. */
  readonly configured: () => string;
  readonly searchPath: string;
}

/** What a program says of itself. */
type Answer =
  { readonly kind: 'node'; readonly version: number } | { readonly kind: 'missing' | 'silent' | 'something else' };

/**
 * Which Node runs the training process. The desktop editor's own is Electron, which cannot read a GPU back; so a model that may train
 * on one is given a Node of the user's, where there is one.
 */
export class NodeChoice {
  readonly #surroundings: Surroundings;
  readonly #answers = new Map<string, Answer>();

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  /** The Node for models of this backend; undefined where the editor's own does. */
  pathFor(backend: BackendName): string | undefined {
    if (!this.#surroundings.isElectron || (backend !== 'gpu' && backend !== 'auto')) return undefined;
    return this.#find(backend === 'gpu' ? oldestNode : oldestNodeForAuto)?.path;
  }

  /** Which Node trains on a GPU, or why none does, in words for the user; undefined where the editor's own does. */
  get text(): string | undefined {
    const { isElectron, configured } = this.#surroundings;
    if (!isElectron) return undefined;
    const found = this.#find(oldestNode);
    if (found) return t('{0} (Node.js {1}) trains where a GPU may be used.', found.path, found.version);
    const why =
      configured() === '' ? t('There is no Node.js {0} or newer on the path.', oldestNode) : this.#complaint();
    return `${why} ${t('VS Code’s own cannot read a GPU back, so the browser behind the editor is asked for its GPU.')}`;
  }

  /** The configured Node, else the first on the path that is recent enough. */
  #find(oldest: number): { readonly path: string; readonly version: number } | undefined {
    const { configured, searchPath } = this.#surroundings;
    const name = process.platform === 'win32' ? 'node.exe' : 'node';
    const places = configured()
      ? [configured()]
      : searchPath.split(path.delimiter).map(folder => path.join(folder, name));
    for (const place of places) {
      const answer = this.#ask(place);
      if (answer.kind === 'node' && answer.version >= oldest) return { path: place, version: answer.version };
    }
    return undefined;
  }

  /** Why the configured Node does not do. */
  #complaint(): string {
    const file = this.#surroundings.configured();
    const answer = this.#ask(file);
    switch (answer.kind) {
      case 'missing':
        return t('The setting mlpStudio.nodePath names {0}, which cannot be started.', file);
      case 'silent':
        return t(
          'The setting mlpStudio.nodePath names {0}, which did not say its version within {1} seconds.',
          file,
          patience / 1000,
        );
      case 'something else':
        return t('The setting mlpStudio.nodePath names {0}, which is no Node.js.', file);
      case 'node':
        return t(
          'The setting mlpStudio.nodePath names {0}, which is Node.js {1}; {2} or newer is needed.',
          file,
          answer.version,
          oldestNode,
        );
    }
  }

  #ask(file: string): Answer {
    const known = this.#answers.get(file);
    const answer = known ?? versionOf(file);
    // What is not there may be installed meanwhile.
    if (answer.kind !== 'missing') this.#answers.set(file, answer);
    return answer;
  }
}

function versionOf(file: string): Answer {
  try {
    accessSync(file, constants.X_OK);
    const text = execFileSync(file, ['--version'], {
      ...{ encoding: 'utf8', timeout: patience, killSignal: 'SIGKILL' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [, major] = /^v(\d+)\./.exec(text) ?? [];
    return major === undefined ? { kind: 'something else' } : { kind: 'node', version: Number(major) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { kind: code === 'ETIMEDOUT' ? 'silent' : code === undefined ? 'something else' : 'missing' };
  }
}
