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
    for (const [rung, open] of Object.entries(this.#rungs)) reports.push(await tryRung(rung, open));
    return reports;
  }

  /** A backend over a way that has passed. Rejects with EngineError `backend-unavailable`. */
  async open(rung: string): Promise<GpuBackend> {
    try {
      const open = this.#rungs[rung];
      if (!open) throw new Error(`There is no way "${rung}" to a GPU.`);
      return new GpuBackend(await open());
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
