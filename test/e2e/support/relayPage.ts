/** Runs in a page: hands messages between a test and a worker of a view. */
import { pack, unpack } from './parcels.ts';

let worker: Worker | undefined;

const relay = {
  /** `fromWorker` is what the test has put into the page. */
  start(script: string): void {
    worker = new Worker(URL.createObjectURL(new Blob([script], { type: 'text/javascript' })));
    worker.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      const { fromWorker } = globalThis as { fromWorker?: (text: string) => void };
      fromWorker?.(pack(data));
    });
  },
  post: (text: string) => worker?.postMessage(unpack(text)),
  lose: () => new BroadcastChannel('losses').postMessage('now'),
};

export type Relay = typeof relay;
Object.assign(globalThis, { relay });
