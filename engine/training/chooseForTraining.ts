import { availableParallelism } from 'node:os';
import { chooseBackend, type ChosenBackend } from '../backends/choose.ts';
import { probe, type Probe } from './probe.ts';
import type { LoadedData } from '../data/load.ts';
import type { ModelInFile } from '../model/modelInFile.ts';
import { layerShapes, parameterCount } from '../model/shapes.ts';
import { deviceText } from '../protocol/devices.ts';
import { DeviceSession } from './deviceSession.ts';
import { TrainingSession } from './session.ts';

/**
 * Products of a weight and a row, from which on a GPU can be faster: with fewer the CPU has done its step, of about 0.1 ms, before a GPU has been told of
 * its forty kernels.
 */
const fewestProducts = 2_000_000;
/** Steps and milliseconds that a measurement may take. */
const measuredSteps = 16;
const measuredMilliseconds = 200;

interface Choice {
  readonly source: ModelInFile;
  readonly threads?: number | undefined;
  /** What a run that goes on has computed with so far. */
  readonly before?: string | undefined;
}

/**
 * Chooses what computes the steps of a model, and says why. `auto` measures some steps of this very network on the CPU, and on the GPU where
 * there is one and the CPU leaves it a chance; a software device is taken only where a GPU is asked for and there is none.
 */
export async function chooseForTraining(choice: Choice, data: LoadedData): Promise<ChosenBackend> {
  const { source, threads = availableParallelism(), before } = choice;
  const { backend: asked } = source.model;
  const host = chooseBackend(asked, threads);
  if (asked === 'gpu' || (asked === 'auto' && before === 'gpu')) return onGpu(host, await probe(), 'asked for');
  if (asked !== 'auto' || before !== undefined) return host;

  if (productsOf(source, data) < fewestProducts)
    return { ...host, reason: `${host.reason}; a step of this network is too short for a GPU` };
  const ladder = await probe();
  const { best } = ladder;
  if (best?.kind !== 'hardware') return { ...host, reason: `${host.reason}. ${lackText(ladder)}` };
  const cpu = measureHost(source, data, threads);
  try {
    const gpu = await measureDevice(source, data, best.open);
    const figures = `GPU ${stepText(gpu)}, CPU ${stepText(cpu)}`;
    if (gpu < cpu) return onGpu(host, ladder, `measured: ${figures}`);
    return { ...host, reason: `measured: ${figures}` };
  } catch (error) {
    return { ...host, reason: `${host.reason}: the GPU gave up while it was measured: ${(error as Error).message}` };
  }
}

function onGpu(host: ChosenBackend, ladder: Probe, reason: string): ChosenBackend {
  const { best } = ladder;
  if (!best) return { ...host, lacking: `A GPU was asked for. ${lackText(ladder)} The training runs on the CPU.` };
  const { kind = 'unknown', device = '' } = best;
  const what = { hardware: 'GPU', unknown: 'Device', software: 'CPU, no GPU but the software device' };
  const lacking = 'A GPU was asked for, and only a software device is here: it computes on the processor, and slowly.';
  return {
    ...host,
    openDevice: best.open,
    device: `${what[kind]} ${device}, float32, gpu.js over ${best.rung}`,
    reason,
    ...(kind === 'software' && { lacking }),
  };
}

function productsOf({ model }: ModelInFile, data: LoadedData): number {
  const { batchSize } = model.training;
  const rows = batchSize === 'full' ? data.split.train.length : Math.min(batchSize, data.split.train.length);
  return rows * parameterCount(layerShapes(model.layers, data.features.columns));
}

/** Why no GPU computes. */
const lackText = ({ reports }: Probe): string => `No GPU was found (${reports.map(deviceText).join('; ')}).`;

/** Milliseconds a step on the CPU, the fastest of some. */
function measureHost(source: ModelInFile, data: LoadedData, threads: number): number {
  const { backend } = chooseBackend('auto', threads);
  const session = new TrainingSession(source, data, backend);
  let fastest = Infinity;
  const end = performance.now() + measuredMilliseconds;
  for (let i = 0; i < measuredSteps && (i < 3 || performance.now() < end); i++) {
    const started = performance.now();
    session.forwardBackward();
    session.update();
    fastest = Math.min(fastest, performance.now() - started);
  }
  session.close();
  return fastest;
}

/** Milliseconds a step on a device, which has had one run to compile. */
async function measureDevice(
  source: ModelInFile,
  data: LoadedData,
  open: NonNullable<ChosenBackend['openDevice']>,
): Promise<number> {
  const host = chooseBackend('auto', 1);
  const session = new TrainingSession(source, data, host.backend);
  const device = new DeviceSession(await open(), source.model, data, {
    capacity: session.network.capacity,
    largestBatch: session.plan.largest,
  });
  try {
    device.load(session.save());
    const steps = () => Array.from({ length: device.window }, () => session.draw());
    await device.run(steps());
    const started = performance.now();
    await device.run(steps());
    return (performance.now() - started) / device.window;
  } finally {
    device.close();
    session.close();
  }
}

const stepText = (milliseconds: number): string =>
  milliseconds < 1 ? `${(milliseconds * 1000).toPrecision(2)} µs a step` : `${milliseconds.toPrecision(2)} ms a step`;
