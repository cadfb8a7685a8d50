import type { DeviceBackend, Matrix, Scalar } from '../../engine/backends/backend.ts';
import { referenceSummaries } from '../../engine/backends/reference/summaries.ts';
import { WasmBackend } from '../../engine/backends/wasm/wasm.ts';
import { EngineError } from '../../engine/model/errors.ts';

/** When a device fails: `runs` counts the programs of all devices that share it. */
export interface Fate {
  runs: number;
  /** The runs after which a device is lost. */
  readonly losses: readonly number[];
}

/**
 * A device that computes with the kernels of the CPU: what a training on a device does differently is then only what it may do differently,
 * and every number must be the same bit for bit. Between two fetches nothing comes home.
 */
export function hostedDevice(fate: Fate = { runs: 0, losses: [] }): DeviceBackend {
  const wasm = new WasmBackend(1);
  let stores: (() => void)[] = [];
  let lost = false;
  const assertAlive = () => {
    if (lost) throw new EngineError('device-lost', 'The device gave up: it was pulled out.');
  };
  const summaries = new Proxy(referenceSummaries, {
    get:
      (target, name) =>
      (...args: unknown[]) => {
        const work = Reflect.get(target, name) as (...given: unknown[]) => void;
        stores.push(() => work(...args));
      },
  });
  const own: Partial<DeviceBackend> & { readonly name: 'gpu' } = {
    name: 'gpu',
    device: 'hosted',
    summaries,
    record(work) {
      stores = [];
      const run = wasm.record(work);
      const after = stores;
      return () => {
        if (fate.losses.includes(++fate.runs)) lost = true;
        return Promise.resolve().then(() => {
          assertAlive();
          run();
          for (const store of after) store();
        });
      };
    },
    store(values: Matrix | Scalar, history: Matrix, stride: number, place: Int32Array) {
      const { rows, numbers } =
        'rows' in values ? { rows: values.rows, numbers: values.values } : { rows: 1, numbers: values };
      const count = rows * history.columns;
      stores.push(() => {
        history.values.set(numbers.subarray(0, count), (place[0] ?? 0) * stride * history.columns);
      });
    },
    fetch: () => Promise.resolve().then(assertAlive),
    send: () => undefined,
  };
  return new Proxy<object>(wasm, {
    get: (target, name) => {
      const value: unknown = name in own ? Reflect.get(own, name) : Reflect.get(target, name, target);
      return typeof value === 'function' && !(name in own) ? (value.bind(target) as unknown) : value;
    },
  }) as DeviceBackend;
}
