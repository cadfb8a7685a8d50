/** Runs in a page: drives the worker of a view over its protocol, as the host does. Everything from and to the test is JSON. */
import type { Model } from '../../../engine/model/schema.ts';
import { DeviceLink } from '../../../engine/protocol/deviceLink.ts';

interface JsonMatrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: readonly number[];
}

/** A training with its steps. */
export interface Task {
  readonly text: string;
  readonly features: JsonMatrix;
  readonly targets: JsonMatrix;
  readonly capacity: number;
  readonly largestBatch: number;
  readonly tensors: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly values: readonly number[];
  }[];
  readonly dropout: readonly number[];
  readonly steps: readonly {
    readonly rows: readonly number[];
    readonly settings: Model['optimizer'];
    readonly step: number;
  }[];
}

let link: DeviceLink | undefined;
const device = (): DeviceLink => {
  if (!link) throw new Error('No worker was started.');
  return link;
};

const matrix = ({ rows, columns, values }: JsonMatrix) => ({ rows, columns, values: Float32Array.from(values) });

const driver = {
  start(script: string): void {
    const worker = new Worker(URL.createObjectURL(new Blob([script], { type: 'text/javascript' })));
    const port = {
      post: (message: unknown) => worker.postMessage(message),
      onMessage: (listener: (message: unknown) => void) =>
        worker.addEventListener('message', ({ data }) => listener(data)),
    };
    worker.addEventListener('error', ({ message }) => link?.end(message));
    link = new DeviceLink(port, reason => console.warn(reason));
  },

  find: () => device().findDevices(true),

  async prepare(rung: string, { text, features, targets, capacity, largestBatch, tensors, dropout }: Task) {
    const { window } = await device().prepareDevice({
      ...{ rung, text, features: matrix(features), targets: matrix(targets), capacity, largestBatch },
    });
    await device().loadDevice({
      tensors: tensors.map(tensor => ({ ...tensor, values: Float32Array.from(tensor.values) })),
      dropout: { generator: dropout },
    });
    return window;
  },

  /** The losses of all steps, done so many times over. */
  async run({ steps }: Pick<Task, 'steps'>, times: number): Promise<number[]> {
    const sent = steps.map(({ rows, ...step }) => ({ ...step, rows: Int32Array.from(rows) }));
    const losses: number[] = [];
    for (let time = 0; time < times; time++) losses.push(...(await device().runDevice(sent)).losses);
    return losses;
  },

  /** The weights as they are by now. */
  save: async () =>
    (await device().saveDevice(false)).tensors.map(({ name, values }) => ({ name, values: [...values] })),

  /** What lives on the devices of the worker. */
  live: () =>
    new Promise<{ textures: number; buffers: number }>(resolve => {
      const counts = new BroadcastChannel('counts');
      counts.addEventListener('message', ({ data }) => {
        resolve(data as { textures: number; buffers: number });
        counts.close();
      });
      counts.postMessage('how many?');
    }),
};

export type Driver = typeof driver;
Object.assign(globalThis, { driver });
