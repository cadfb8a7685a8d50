import { availableParallelism } from 'node:os';
import { chooseBackend } from '../backends/choose.ts';
import type { LoadedData } from '../data/load.ts';
import { EngineError } from '../model/errors.ts';
import type { BackendName } from '../model/dataFields.ts';
import type { ModelInFile } from '../model/modelInFile.ts';
import { layerShapes, parameterCount } from '../model/shapes.ts';
import type { DeviceCalls } from '../protocol/deviceCalls.ts';
import { deviceText } from '../protocol/devices.ts';
import { climbAll, type DeviceLadder, type PassedRung } from './deviceLadder.ts';
import { leastOnDevice } from './leastOnDevice.ts';
import { measureDevice, measureHost, stepText, timeText } from './measureStep.ts';
import type { ChosenForTraining } from './stepDevice.ts';

/** Products of a weight and a row, from which on no CPU does a step before a device has been told of it: there the CPU is not measured to find that out. */
const manyProducts = 20_000_000;

interface Choice {
  readonly source: ModelInFile;
  readonly threads?: number | undefined;
  /** The run is one of several side by side. */
  readonly cpuOnly?: boolean | undefined;
  /** What is taken for a model that leaves it open. */
  readonly preferredBackend?: BackendName | undefined;
  /** What a run that goes on has computed with so far. */
  readonly before?: string | undefined;
  /** Devices beyond this process. */
  readonly elsewhere?: DeviceCalls | undefined;
}

/**
 * Chooses what computes the steps of a model, and says why. `auto` measures some steps of this very network on the CPU, and by every way to a GPU
 * where a step there can be faster at all; a software device is taken only where a GPU is asked for and there is none.
 */
export async function chooseForTraining(choice: Choice, data: LoadedData): Promise<ChosenForTraining> {
  const { source, threads = availableParallelism(), cpuOnly, before, preferredBackend = 'auto', elsewhere } = choice;
  const { backend } = source.model;
  const asked = backend === 'auto' && before === undefined ? preferredBackend : backend;
  const host = chooseBackend(asked, threads);
  if (cpuOnly)
    return { ...host, reason: host.reason + (asked === 'gpu' || asked === 'auto' ? besideOthers(asked) : '') };
  if (asked === 'gpu' || (asked === 'auto' && before === 'gpu')) return onBest(host, await climbAll(elsewhere, true));
  if (asked !== 'auto' || before !== undefined) return host;

  const short = shortText(source, data);
  if (short !== undefined) return { ...host, reason: `${host.reason}: ${short}` };
  const ladder = await climbAll(elsewhere, false);
  const rivals = ladder.passed.filter(({ kind }) => kind === 'hardware');
  if (rivals.length === 0) return { ...host, reason: `${host.reason}. ${lackText(ladder)}` };
  const measured: Measured[] = [];
  for (const rung of rivals) measured.push(await measureRung(rung, source, data));
  const cpu = measureHost(source, data, chooseBackend('auto', threads).backend);
  const reason = `measured: ${[...measured.map(({ text }) => text), `CPU ${stepText(cpu)}`].join(', ')}`;
  const fastest = measured.reduce((a, b) => (b.milliseconds < a.milliseconds ? b : a));
  if (fastest.milliseconds < cpu) return onGpu(host, fastest.rung, reason);
  // Nobody needs a device that lost.
  await elsewhere?.leaveDevices().catch(() => undefined);
  return { ...host, reason };
}

interface Measured {
  readonly rung: PassedRung;
  /** A step; a device that fails never ends it. */
  readonly milliseconds: number;
  /** In words for the user. */
  readonly text: string;
}

async function measureRung(rung: PassedRung, source: ModelInFile, data: LoadedData): Promise<Measured> {
  try {
    const milliseconds = await measureDevice(source, data, rung.open);
    return { rung, milliseconds, text: `${rung.rung} ${stepText(milliseconds)}` };
  } catch (error) {
    return { rung, milliseconds: Infinity, text: `${rung.rung} gave up (${EngineError.from(error).message})` };
  }
}

/** The best way there is, whatever it is: a GPU was asked for. */
function onBest(host: ChosenForTraining, ladder: DeviceLadder): ChosenForTraining {
  const { best } = ladder;
  if (!best) return { ...host, lacking: `A GPU was asked for. ${lackText(ladder)} The training runs on the CPU.` };
  return onGpu(host, best, 'asked for');
}

function onGpu(host: ChosenForTraining, best: PassedRung, reason: string): ChosenForTraining {
  const { kind = 'unknown', device = '' } = best;
  const what = { hardware: 'GPU', unknown: 'Device', software: 'CPU, no GPU but the software device' };
  const lacking = 'A GPU was asked for, and only a software device is here: it computes on the processor, and slowly.';
  return {
    ...host,
    openDevice: best.open,
    device: `${what[kind]} ${device}, float32, gpu.js over ${best.rung}`,
    reason,
    ...(kind === 'software' && { lacking, isSoftware: true }),
  };
}

function productsOf({ model }: ModelInFile, data: LoadedData): number {
  const { batchSize } = model.training;
  const rows = batchSize === 'full' ? data.split.train.length : Math.min(batchSize, data.split.train.length);
  return rows * parameterCount(layerShapes(model.layers, data.features.columns));
}

/** Why no GPU is looked for, whatever is asked: several runs cannot share one, and all of them compute alike on the cores. */
const besideOthers = (asked: 'gpu' | 'auto'): string =>
  `, where runs side by side compute${asked === 'gpu' ? ', although a GPU was asked for' : ''}`;

/** Why no GPU is looked for, where the CPU does a step before any device has been told of it: that needs no look, which takes longer than many a training. */
function shortText(source: ModelInFile, data: LoadedData): string | undefined {
  if (productsOf(source, data) >= manyProducts) return undefined;
  const step = measureHost(source, data, chooseBackend('auto', 1).backend);
  const { kernels, milliseconds } = leastOnDevice(source.model);
  if (step >= milliseconds) return undefined;
  // What was measured stays out of it: two runs of one model tell the same.
  return `a step takes it less than the ${timeText(milliseconds)} that telling a GPU of its ${String(kernels)} kernels takes at least`;
}

/** Why no GPU computes. */
const lackText = ({ reports }: DeviceLadder): string => `No GPU was found (${reports.map(deviceText).join('; ')}).`;
