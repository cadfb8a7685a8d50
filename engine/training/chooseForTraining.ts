import { availableParallelism } from 'node:os';
import { chooseBackend } from '../backends/choose.ts';
import type { LoadedData } from '../data/load.ts';
import type { BackendName } from '../model/dataFields.ts';
import type { ModelInFile } from '../model/modelInFile.ts';
import { layerShapes, parameterCount } from '../model/shapes.ts';
import type { DeviceCalls } from '../protocol/deviceCalls.ts';
import { deviceText } from '../protocol/devices.ts';
import { climbAll, type DeviceLadder } from './deviceLadder.ts';
import { measureDevice, measureHost, stepText } from './measureStep.ts';
import type { ChosenForTraining } from './stepDevice.ts';

/**
 * Products of a weight and a row, from which on a GPU can be faster: with fewer the CPU has done its step, of about 0.1 ms, before a GPU has been told of
 * its forty kernels.
 */
const fewestProducts = 2_000_000;

interface Choice {
  readonly source: ModelInFile;
  readonly threads?: number | undefined;
  /** What is taken for a model that leaves it open. */
  readonly preferredBackend?: BackendName | undefined;
  /** What a run that goes on has computed with so far. */
  readonly before?: string | undefined;
  /** Devices beyond this process. */
  readonly elsewhere?: DeviceCalls | undefined;
}

/**
 * Chooses what computes the steps of a model, and says why. `auto` measures some steps of this very network on the CPU, and on the GPU where
 * there is one and the CPU leaves it a chance; a software device is taken only where a GPU is asked for and there is none.
 */
export async function chooseForTraining(choice: Choice, data: LoadedData): Promise<ChosenForTraining> {
  const { source, threads = availableParallelism(), before, preferredBackend = 'auto', elsewhere } = choice;
  const { backend } = source.model;
  const asked = backend === 'auto' && before === undefined ? preferredBackend : backend;
  const host = chooseBackend(asked, threads);
  if (asked === 'gpu' || (asked === 'auto' && before === 'gpu'))
    return onGpu(host, await climbAll(elsewhere, true), 'asked for');
  if (asked !== 'auto' || before !== undefined) return host;

  if (productsOf(source, data) < fewestProducts)
    return { ...host, reason: `${host.reason}; a step of this network is too short for a GPU` };
  const ladder = await climbAll(elsewhere, false);
  const { best } = ladder;
  if (best?.kind !== 'hardware') return { ...host, reason: `${host.reason}. ${lackText(ladder)}` };
  const cpu = measureHost(source, data, chooseBackend('auto', threads).backend);
  try {
    const gpu = await measureDevice(source, data, best.open);
    const figures = `GPU ${stepText(gpu)}, CPU ${stepText(cpu)}`;
    if (gpu < cpu) return onGpu(host, ladder, `measured: ${figures}`);
    return { ...host, reason: `measured: ${figures}` };
  } catch (error) {
    return { ...host, reason: `${host.reason}: the GPU gave up while it was measured: ${(error as Error).message}` };
  }
}

function onGpu(host: ChosenForTraining, ladder: DeviceLadder, reason: string): ChosenForTraining {
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
    ...(kind === 'software' && { lacking, isSoftware: true }),
  };
}

function productsOf({ model }: ModelInFile, data: LoadedData): number {
  const { batchSize } = model.training;
  const rows = batchSize === 'full' ? data.split.train.length : Math.min(batchSize, data.split.train.length);
  return rows * parameterCount(layerShapes(model.layers, data.features.columns));
}

/** Why no GPU computes. */
const lackText = ({ reports }: DeviceLadder): string => `No GPU was found (${reports.map(deviceText).join('; ')}).`;
