import type { DeviceKind } from './deviceKind.ts';

/** How one way to a GPU went; `engine/protocol/devices.ts` says what each part means. */
export interface RungReport {
  rung: string;
  passed: boolean;
  device?: string | undefined;
  kind?: DeviceKind | undefined;
  reason?: string | undefined;
  milliseconds: number;
}
