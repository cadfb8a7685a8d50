import path from 'node:path';
import type { Numbers } from '../backends/backend.ts';
import type { LoadedData } from '../data/load.ts';
import type { ModelInFile } from '../model/modelInFile.ts';
import { layerShapes, parameterCount } from '../model/shapes.ts';
import type { StartEvent, WarningEvent } from '../protocol/events.ts';
import type { RunRecord } from '../protocol/runRecord.ts';
import { sha256 } from './runFolder.ts';
import type { ChosenForTraining } from './stepDevice.ts';
import type { TrainingSession } from './session.ts';
import { version } from './version.ts';

/** What a run begins with. */
export interface RunBeginning {
  readonly source: ModelInFile;
  readonly data: LoadedData;
  readonly chosen: ChosenForTraining;
  readonly session: TrainingSession;
  /** Where `--steps` ends the run, if it does. */
  readonly steps: number | undefined;
}

/** The first event of a run. */
export function startEventOf(
  { source: { model }, data, chosen, session }: RunBeginning,
  totalSteps: number,
): StartEvent {
  const { train, validation, test } = data.split;
  return {
    event: 'start',
    name: model.name,
    seed: model.seed,
    ...computedBy(chosen),
    device: chosen.device,
    parameters: parameterCount(layerShapes(model.layers, data.features.columns)),
    rows: { train: train.length, validation: validation.length, test: test.length },
    inputs: data.features.columns,
    outputs: data.targets.columns,
    epochs: session.epochOf(totalSteps),
    totalSteps,
    task: session.task === 'regression' ? 'regression' : 'classification',
    ...(session.step === 0 && {
      initialWeightsSha256: weightsSha256(session.network.parameters.map(({ value }) => value.values)),
    }),
    dataSha256: dataSha256(data),
  };
}

/** What happened to the device; from the step `cpuFrom` on, where there is one, the CPU computes. */
export const deviceWarningOf = (
  { backend: { name, device } }: ChosenForTraining,
  message: string,
  cpuFrom?: number,
): WarningEvent => ({
  event: 'warning',
  code: 'device',
  message,
  ...(cpuFrom !== undefined && { computes: { backend: name, device, step: cpuFrom } }),
});

/** What computes, as `run.json` says it. */
export const computedBy = (chosen: ChosenForTraining): Pick<RunRecord, 'backend' | 'backendReason'> => ({
  backend: backendName(chosen),
  backendReason: chosen.reason,
});

const backendName = ({ backend, openDevice }: ChosenForTraining) => (openDevice ? 'gpu' : backend.name);

/** What `run.json` says of a run that begins. */
export function recordOf({ source, data, chosen, steps }: RunBeginning): Omit<RunRecord, 'status'> {
  return {
    name: source.model.name,
    modelPath: path.resolve(source.file),
    model: source.text,
    modelSha256: sha256(source.text),
    seed: source.model.seed,
    dataSha256: dataSha256(data),
    ...computedBy(chosen),
    versions: { mlpStudio: version, node: process.versions.node },
    started: new Date().toISOString(),
    ...(steps !== undefined && { steps }),
  };
}

/** Tells whether the numbers that a run learns from are still the same. */
export const dataSha256 = ({ features, targets }: LoadedData): string =>
  sha256(bytesOf(features.values), bytesOf(targets.values));

/** Tells whether two runs begin alike: of the numbers of all parameters, in their order. */
export const weightsSha256 = (parameters: readonly Numbers[]): string => sha256(...parameters.map(bytesOf));

const bytesOf = ({ buffer, byteOffset, byteLength }: Numbers) => new Uint8Array(buffer, byteOffset, byteLength);
