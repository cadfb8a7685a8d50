import * as z from 'zod';
import type { StartEvent, WarningEvent } from './events.ts';

export const deviceKinds = ['hardware', 'software', 'unknown'] as const;

/** How one way to a GPU went. */
export const deviceReportSchema = z.object({
  /** The way: WebGPU, headless-gl. */
  rung: z.string(),
  /** It booted, ran in the mode asked for, and its numbers were right when they were read back. */
  passed: z.boolean(),
  /** The device's own words for itself. */
  device: z.string().optional(),
  /** Whether it is a GPU, the processor imitating one, or does not say. */
  kind: z.enum(deviceKinds).optional(),
  /** Why it lost, in words for the user. */
  reason: z.string().optional(),
  milliseconds: z.number(),
});

export type DeviceReport = z.infer<typeof deviceReportSchema>;

/** What can compute on a machine: the CPU always can. */
export const devicesSchema = z.object({
  /** The CPU backend, in words for the user. */
  cpu: z.string(),
  gpu: z.array(deviceReportSchema),
});

export type Devices = z.infer<typeof devicesSchema>;

const bestFirst: readonly DeviceReport['kind'][] = ['hardware', 'unknown', 'software'];

/** The best that passed: a GPU, else what may be one, else software; of equals the first. */
export const bestOf = <R extends DeviceReport>(reports: readonly R[]): R | undefined =>
  bestFirst.flatMap(kind => reports.filter(report => report.passed && report.kind === kind))[0];

const kindTexts = {
  hardware: 'GPU',
  unknown: 'device that does not say what it is',
  software: 'software device on the processor, no GPU',
};

/** What computes, in a word: a GPU, the CPU, which an imitation of a GPU is too, or a device that does not say what it is. */
export const processorOf = (device: string): 'GPU' | 'CPU' | 'Device' =>
  device.startsWith('GPU ') ? 'GPU' : device.startsWith('Device ') ? 'Device' : 'CPU';

const deviceWords = { GPU: 'GPU', CPU: 'software device', Device: 'unknown device' };

/** The same in two words, with the backend of the CPU. */
export const computedWith = ({ backend, device }: { readonly backend: string; readonly device: string }): string =>
  backend === 'gpu' ? deviceWords[processorOf(device)] : backend;

/** The start of a run as it would be told by now: with what computes since this warning, and why. */
export const computedSince = (start: StartEvent, { computes, message }: WarningEvent): StartEvent =>
  computes
    ? {
        ...start,
        backend: computes.backend,
        device: computes.device,
        backendReason: changeText(computes.step, message),
      }
    : start;

/** Why something else computes from a step on. */
export const changeText = (step: number, message: string): string => `since step ${String(step)}: ${message}`;

/** One line on a way to a GPU. */
export const deviceText = (report: DeviceReport): string => `${report.rung}: ${fateText(report)}`;

/** The same where the way is named already. */
export function fateText({ passed, device, kind = 'unknown', reason }: DeviceReport): string {
  if (passed) return `${kindTexts[kind]}: ${device ?? ''}`;
  return `${device === undefined ? '' : `${device}: `}${reason ?? 'failed'}`;
}
