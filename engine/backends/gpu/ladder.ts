import { openDawn } from './dawn.ts';
import type { Device } from './device.ts';
import type { DeviceKind } from './deviceKind.ts';
import { GpuBackend } from './gpuBackend.ts';
import { openHeadlessGl } from './headlessGl.ts';
import { selfTest } from './selfTest.ts';

/** Ways to a GPU from Node, in the order in which they are tried. */
const rungs = [
  { name: 'WebGPU', open: openDawn },
  { name: 'headless-gl', open: openHeadlessGl },
] as const satisfies readonly { readonly name: string; readonly open: () => Promise<Device> }[];

/** How one way to a GPU went. */
export interface RungReport {
  readonly rung: (typeof rungs)[number]['name'];
  /** It booted, ran in the mode asked for, and its numbers were right when they were read back. */
  readonly passed: boolean;
  /** The device's own words for itself. */
  readonly device?: string;
  readonly kind?: DeviceKind;
  /** Why it lost, in words for the user. */
  readonly reason?: string;
  readonly milliseconds: number;
}

/** What the ladder has found. */
export interface Climb {
  readonly reports: readonly RungReport[];
  /** The best that passed: a GPU, else what may be one, else software. */
  readonly best: (RungReport & { readonly open: () => Promise<GpuBackend> }) | undefined;
}

const order: readonly DeviceKind[] = ['hardware', 'unknown', 'software'];

/** Tries every way to a GPU. Never throws: what fails is in the reports. */
export async function climb(): Promise<Climb> {
  const reports: RungReport[] = [];
  const passed: NonNullable<Climb['best']>[] = [];
  for (const { name, open } of rungs) {
    const report = await tryRung(name, open);
    reports.push(report);
    if (!report.passed) continue;
    passed.push({ ...report, open: async () => new GpuBackend(await open()) });
    // Nothing better can come.
    if (report.kind === 'hardware') break;
  }
  return { reports, best: order.flatMap(kind => passed.filter(rung => rung.kind === kind))[0] };
}

async function tryRung(rung: RungReport['rung'], open: () => Promise<Device>): Promise<RungReport> {
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

/** One line on a way to a GPU, as the command line and the editor say it. */
export function rungText({ rung, passed, device, kind, reason }: RungReport): string {
  if (!passed) return `${rung}: ${device ? `${device}: ` : ''}${reason ?? 'failed'}`;
  const what = { hardware: 'GPU', unknown: 'a device', software: 'no GPU, a software device on the processor' };
  return `${rung}: ${what[kind ?? 'unknown']}: ${device ?? ''}`;
}
