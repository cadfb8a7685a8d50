import { bestOf } from '../backends/gpu/rungReport.ts';
import type { DeviceCalls } from '../protocol/deviceCalls.ts';
import type { DeviceReport } from '../protocol/devices.ts';
import { onBackend } from './deviceSession.ts';
import { probe } from './probe.ts';
import { onRemote } from './remoteDevice.ts';
import type { OpenStepDevice } from './stepDevice.ts';

/** Every way to a GPU, and the best that passed. */
export interface DeviceLadder {
  readonly reports: readonly DeviceReport[];
  readonly best: (DeviceReport & { readonly open: OpenStepDevice }) | undefined;
}

/**
 * Climbs the ways of this process, and where none of them leads to a GPU, those that `elsewhere` offers. Never throws.
 * `software` says whether a device that computes on the processor would do; where the process has one itself, it is preferred to others.
 */
export async function climbAll(elsewhere: DeviceCalls | undefined, software: boolean): Promise<DeviceLadder> {
  const { reports, best } = await probe();
  const own = best && { ...best, open: onBackend(best.open) };
  if (own?.kind === 'hardware' || !elsewhere) return { reports, best: own };
  const others = await elsewhere
    .findDevices(software)
    .catch((error: unknown): DeviceReport[] => [
      { rung: 'A view', passed: false, reason: (error as Error).message, milliseconds: 0 },
    ]);
  const theirs = others.map(report => ({ ...report, open: onRemote(elsewhere, report.rung) }));
  return { reports: [...reports, ...others], best: bestOf([...(own ? [own] : []), ...theirs]) };
}
