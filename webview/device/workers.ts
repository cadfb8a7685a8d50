interface Listener {
  message(worker: number, message: unknown): void;
  failed(worker: number, reason: string): void;
}

/** The workers of the page, by their numbers. */
export class Workers {
  readonly #address: string;
  readonly #listener: Listener;
  readonly #workers = new Map<number, Promise<Worker>>();
  /** The script, from memory: a worker of another address would not be allowed. */
  #script: Promise<string> | undefined;

  constructor(address: string, listener: Listener) {
    this.#address = address;
    this.#listener = listener;
  }

  async start(number: number): Promise<void> {
    const starting = this.#start(number);
    this.#workers.set(number, starting);
    try {
      await starting;
    } catch (error) {
      this.#listener.failed(number, (error as Error).message);
    }
  }

  /** Messages arrive in their order, after the worker has started. */
  async post(number: number, message: unknown): Promise<void> {
    try {
      (await this.#workers.get(number))?.postMessage(message);
    } catch {
      // Whoever started it has been told why there is no worker.
    }
  }

  async stop(number: number): Promise<void> {
    const worker = this.#workers.get(number);
    this.#workers.delete(number);
    (await worker?.catch(() => undefined))?.terminate();
  }

  async #start(number: number): Promise<Worker> {
    const worker = new Worker(await (this.#script ??= read(this.#address)));
    worker.addEventListener('message', ({ data }: MessageEvent<unknown>) => this.#listener.message(number, data));
    worker.addEventListener('error', ({ message }) => this.#listener.failed(number, message));
    return worker;
  }
}

/** An address in memory of what lies at `address`. */
async function read(address: string): Promise<string> {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address} cannot be read (${answer.status})`);
  return URL.createObjectURL(new Blob([await answer.text()], { type: 'text/javascript' }));
}
