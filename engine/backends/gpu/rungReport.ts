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

const order: readonly DeviceKind[] = ['hardware', 'unknown', 'software'];

/** The best that passed: a GPU, else what may be one, else software; of equals the first. */
export const bestOf = <R extends RungReport>(reports: readonly R[]): R | undefined =>
  order.flatMap(kind => reports.filter(report => report.passed && report.kind === kind))[0];
