import { EngineError } from '../../model/errors.ts';
import type { Device } from './device.ts';
import { GpuBackend } from './gpuBackend.ts';
import type { RungReport } from './rungReport.ts';
import { selfTest } from './selfTest.ts';

type Open = () => Promise<Device>;

/** Ways to a GPU, in the order in which they are tried. */
export class Rungs {
  readonly #rungs: Readonly<Record<string, Open>>;

  /** By their names. */
  constructor(rungs: Readonly<Record<string, Open>>) {
    this.#rungs = rungs;
  }

  /** Tries every way. Never throws: what fails is in the reports. */
  async climb(): Promise<RungReport[]> {
    const reports: RungReport[] = [];
    for (const rung of Object.keys(this.#rungs)) reports.push(await this.try(rung));
    return reports;
  }

  /** Tries one way. Never throws. */
  try(rung: string): Promise<RungReport> {
    return tryRung(rung, () => this.#open(rung));
  }

  #open(rung: string): Promise<Device> {
    const open = Object.hasOwn(this.#rungs, rung) ? this.#rungs[rung] : undefined;
    return open ? open() : Promise.reject(new Error(`There is no way "${rung}" to a GPU.`));
  }

  /** A backend over a way that has passed. Rejects with EngineError `backend-unavailable`. */
  async open(rung: string): Promise<GpuBackend> {
    try {
      return new GpuBackend(await this.#open(rung));
    } catch (error) {
      throw new EngineError('backend-unavailable', `${rung} cannot be opened: ${(error as Error).message}`);
    }
  }
}

async function tryRung(rung: string, open: Open): Promise<RungReport> {
  const started = performance.now();
  let device: Device | undefined;
  const report = (rest: Pick<RungReport, 'passed' | 'reason'>): RungReport => ({
    rung,
    ...(device && { device: device.description.name, kind: device.description.kind }),
    ...rest,
    milliseconds: Math.round(performance.now() - started),
  });
  try {
    device = await open();
    const backend = new GpuBackend(device);
    try {
      await selfTest(backend);
    } finally {
      backend.close();
    }
    return report({ passed: true });
  } catch (error) {
    return report({ passed: false, reason: (error as Error).message });
  }
}
