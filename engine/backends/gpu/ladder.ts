import { EngineError } from '../../model/errors.ts';
import { openDawn } from './dawn.ts';
import type { Device } from './device.ts';
import type { DeviceKind } from './deviceKind.ts';
import { GpuBackend } from './gpuBackend.ts';
import { openHeadlessGl } from './headlessGl.ts';
import { selfTest } from './selfTest.ts';

/** Ways to a GPU from Node, in the order in which they are tried. */
const rungs: Readonly<Record<string, () => Promise<Device>>> = {
  WebGPU: openDawn,
  'headless-gl': openHeadlessGl,
};

/** How one way to a GPU went; `engine/protocol/devices.ts` says what each part means. */
interface RungReport {
  rung: string;
  passed: boolean;
  device?: string | undefined;
  kind?: DeviceKind | undefined;
  reason?: string | undefined;
  milliseconds: number;
}

const order: readonly DeviceKind[] = ['hardware', 'unknown', 'software'];

/** Tries every way to a GPU until one is found. Never throws: what fails is in the reports. */
export async function climb(): Promise<RungReport[]> {
  const reports: RungReport[] = [];
  for (const [rung, open] of Object.entries(rungs)) {
    const report = await tryRung(rung, open);
    reports.push(report);
    // Nothing better can come.
    if (report.passed && report.kind === 'hardware') break;
  }
  return reports;
}

/** The best that passed: a GPU, else what may be one, else software. */
export const bestOf = <R extends RungReport>(reports: readonly R[]): R | undefined =>
  order.flatMap(kind => reports.filter(report => report.passed && report.kind === kind))[0];

/** A backend over a way that has passed. Rejects with EngineError `backend-unavailable`. */
export async function openRung(rung: string): Promise<GpuBackend> {
  try {
    const open = rungs[rung];
    if (!open) throw new Error(`There is no way "${rung}" to a GPU.`);
    return new GpuBackend(await open());
  } catch (error) {
    throw new EngineError('backend-unavailable', `${rung} cannot be opened: ${(error as Error).message}`);
  }
}

async function tryRung(rung: string, open: () => Promise<Device>): Promise<RungReport> {
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
