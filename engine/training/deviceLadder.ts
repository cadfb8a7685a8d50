import type { DeviceCalls } from '../protocol/deviceCalls.ts';
import { bestOf, type DeviceReport } from '../protocol/devices.ts';
import { onBackend } from './deviceSession.ts';
import { probe } from './probe.ts';
import { onRemote } from './remoteDevice.ts';
import type { OpenStepDevice } from './stepDevice.ts';

/** A way to a device that passed. */
export interface PassedRung extends DeviceReport {
  readonly open: OpenStepDevice;
}

/** Every way to a GPU, those that passed, and the best of them: a GPU, else what may be one, else software. */
export interface DeviceLadder {
  readonly reports: readonly DeviceReport[];
  readonly passed: readonly PassedRung[];
  readonly best: PassedRung | undefined;
}

/**
 * Climbs the ways of this process, and where none of them leads to a GPU, those that `elsewhere` offers. Never throws.
 * `software` says whether a device that computes on the processor would do; where the process has one itself, none is looked for elsewhere.
 */
export async function climbAll(elsewhere: DeviceCalls | undefined, software: boolean): Promise<DeviceLadder> {
  const { reports, passed } = await probe();
  const own = passed.map(found => ({ ...found, open: onBackend(found.open) }));
  if (own.some(({ kind }) => kind === 'hardware') || !elsewhere) return { reports, passed: own, best: bestOf(own) };
  const others = await elsewhere
    .findDevices(software && own.length === 0)
    .catch((error: unknown): DeviceReport[] => [
      { rung: 'A view', passed: false, reason: (error as Error).message, milliseconds: 0 },
    ]);
  const theirs = others.filter(report => report.passed);
  const all = [...own, ...theirs.map(report => ({ ...report, open: onRemote(elsewhere, report.rung) }))];
  return { reports: [...reports, ...others], passed: all, best: bestOf(all) };
}
