import * as z from 'zod';
import type { MethodSchemas } from './channel.ts';

/** A training that computes in the view. */
const trainingSchema = z.strictObject({
  title: z.string(),
  /** What does it there, in words for the user; '' while that is looked for. */
  device: z.string(),
});
export type TrainingInView = z.infer<typeof trainingSchema>;

/** Host → the view that lends its device. Each training has a worker of its own, by a number; what goes to and fro is the worker's business. */
export interface HostToDevice {
  startWorker(worker: number): void;
  toWorker(worker: number, message: unknown): void;
  stopWorker(worker: number): void;
  show(trainings: readonly TrainingInView[]): void;
}

export interface DeviceToHost {
  ready(): void;
  fromWorker(worker: number, message: unknown): void;
  /** The worker is gone, for this reason. */
  workerFailed(worker: number, reason: string): void;
}

const number = z.int().min(0);
export const deviceViewSchemas: MethodSchemas<HostToDevice> = {
  startWorker: z.tuple([number]),
  toWorker: z.tuple([number, z.unknown()]),
  stopWorker: z.tuple([number]),
  show: z.tuple([z.array(trainingSchema)]),
};
export const deviceHostSchemas: MethodSchemas<DeviceToHost> = {
  ready: z.tuple([]),
  fromWorker: z.tuple([number, z.unknown()]),
  workerFailed: z.tuple([number, z.string()]),
};
