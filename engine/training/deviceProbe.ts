import type { DeviceBackend } from '../backends/backend.ts';
import type { Network } from '../network/network.ts';
import { GradientProbe, type ProbeWishes } from './gradientProbe.ts';
import type { ProbedStep } from './stepDevice.ts';

/** The gradient probe of a network on a device: what it calls is recorded, once for each number of rows, and only what was found is fetched. */
export class DeviceProbe {
  readonly #backend: DeviceBackend;
  readonly #probe: GradientProbe;
  readonly #programs = new Map<string, () => Promise<void>>();

  constructor(backend: DeviceBackend, network: Network) {
    this.#backend = backend;
    this.#probe = new GradientProbe(network, backend);
  }

  /** Before the update of a step that is looked at. */
  async before(): Promise<void> {
    await this.#program('before', () => {
      this.#probe.beforeUpdate();
    });
  }

  /** After it. */
  async after(rows: number, wishes: ProbeWishes): Promise<Omit<ProbedStep, 'result'>> {
    await this.#program(`${String(rows)} rows${wishes.histograms ? ' with histograms' : ''}`, () => {
      this.#probe.afterUpdate(rows, wishes);
    });
    await this.#backend.fetch(this.#probe.numbers(wishes));
    const fault = this.#probe.fault();
    return fault === undefined ? { layers: this.#probe.read(wishes) } : { layers: [], fault };
  }

  #program(name: string, work: () => void): Promise<void> {
    const run = this.#programs.get(name) ?? this.#backend.record(work);
    this.#programs.set(name, run);
    return run();
  }
}
