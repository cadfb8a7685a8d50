import type * as z from 'zod';
import { EngineError } from '../model/errors.ts';
import { probedSchema, readySchema, resultsSchema, savedSchema, type DeviceCalls } from '../protocol/deviceCalls.ts';
import { packMatrix, packState, unpackProbed, unpackResults, unpackSaved } from './deviceParcels.ts';
import type { ProbeWishes } from './gradientProbe.ts';
import type { DeviceResult, DeviceState, DrawnStep, OpenStepDevice, ProbedStep, StepDevice } from './stepDevice.ts';

/** The most numbers of a data set that are sent to a device: 1 GB of them. */
const mostNumbers = 2 ** 28;

/** A device that is not in this process: every call is a message, and every answer is checked before it counts. */
class RemoteDevice implements StepDevice {
  readonly window: number;
  readonly #calls: DeviceCalls;

  constructor(calls: DeviceCalls, window: number) {
    this.#calls = calls;
    this.window = window;
  }

  load(state: DeviceState): Promise<void> {
    return this.#calls.loadDevice(packState(state));
  }

  async run(steps: readonly DrawnStep[]): Promise<readonly DeviceResult[]> {
    const results = unpackResults(answer(resultsSchema, await this.#calls.runDevice(steps)));
    if (results.length !== steps.length) throw misunderstood();
    return results;
  }

  async probe(step: DrawnStep, wishes: ProbeWishes): Promise<ProbedStep> {
    const probed = unpackProbed(answer(probedSchema, await this.#calls.probeDevice(step, wishes)));
    if (!probed) throw misunderstood();
    return probed;
  }

  async evaluate(rows: Int32Array): Promise<DeviceResult> {
    const [result] = unpackResults(answer(resultsSchema, await this.#calls.evaluateDevice(rows.slice())));
    if (!result) throw misunderstood();
    return result;
  }

  async save({ lastStep = false } = {}) {
    return unpackSaved(answer(savedSchema, await this.#calls.saveDevice(lastStep)));
  }

  close(): void {
    // One that is gone needs no closing.
    this.#calls.closeDevice().catch(() => undefined);
  }
}

/** How a device is made ready that others offer, over a way of theirs that has passed. */
export const onRemote =
  (calls: DeviceCalls, rung: string): OpenStepDevice =>
  async ({ source: { text }, data: { features, targets }, sizes }) => {
    if (features.rows * (features.columns + targets.columns) > mostNumbers)
      throw new EngineError('backend-unavailable', 'The data are too large to be sent to a view of the editor.');
    const problem = { rung, text, features: packMatrix(features), targets: packMatrix(targets), ...sizes };
    const { window } = answer(readySchema, await calls.prepareDevice(problem));
    return new RemoteDevice(calls, window);
  };

function answer<T>(schema: z.ZodType<T>, value: unknown): T {
  const read = schema.safeParse(value);
  if (!read.success) throw misunderstood();
  return read.data;
}

const misunderstood = () => new EngineError('device-lost', 'The device gave an answer that fits no question.');
