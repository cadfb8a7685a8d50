import type { Backend } from '../backends/backend.ts';
import { chooseBackend } from '../backends/choose.ts';
import type { LoadedData } from '../data/load.ts';
import type { ModelInFile } from '../model/modelInFile.ts';
import { TrainingSession } from './session.ts';
import type { OpenStepDevice } from './stepDevice.ts';

/** Steps and milliseconds that a measurement may take; a slow step is measured three times all the same. */
const measuredSteps = 16;
const measuredMilliseconds = 200;
const leastSteps = 3;
/** Milliseconds that several steps on a device may take; one that is slower has shown it with one. */
const patience = 1000;

/** Milliseconds a step of a model on a backend, the fastest of some; the backend is closed. */
export function measureHost(source: ModelInFile, data: LoadedData, backend: Backend): number {
  const session = new TrainingSession(source, data, backend);
  let fastest = Infinity;
  const end = performance.now() + measuredMilliseconds;
  for (let i = 0; i < measuredSteps && (i < leastSteps || performance.now() < end); i++) {
    const started = performance.now();
    session.forwardBackward();
    session.update();
    fastest = Math.min(fastest, performance.now() - started);
  }
  session.close();
  return fastest;
}

/** Milliseconds a step on a device, which has had one run to compile. */
export async function measureDevice(source: ModelInFile, data: LoadedData, open: OpenStepDevice): Promise<number> {
  const host = chooseBackend('auto', 1);
  const session = new TrainingSession(source, data, host.backend);
  const sizes = { capacity: session.network.capacity, largestBatch: session.plan.largest };
  const device = await open({ source, data, sizes });
  try {
    await device.load(session.save());
    const timed = async (count: number): Promise<number> => {
      const steps = Array.from({ length: count }, () => session.draw());
      const started = performance.now();
      await device.run(steps);
      return (performance.now() - started) / count;
    };
    // A kernel that reads its own output is compiled in the second step once more.
    for (let i = 0; i < 2; i++) await timed(1);
    const single = await timed(1);
    return single * device.window > patience ? single : await timed(device.window);
  } finally {
    device.close();
    session.close();
  }
}

/** A time a step, with two digits. */
export const stepText = (milliseconds: number): string => `${timeText(milliseconds)} a step`;

export const timeText = (milliseconds: number): string =>
  milliseconds < 1 ? `${twoDigits(milliseconds * 1000)} µs` : `${twoDigits(milliseconds)} ms`;

const twoDigits = (value: number): string => String(Number(value.toPrecision(2)));
