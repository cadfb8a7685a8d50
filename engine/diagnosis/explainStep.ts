import { referenceBackend } from '../backends/reference/reference.ts';
import type { Backend, Matrix } from '../backends/backend.ts';
import { loadData, type LoadedData } from '../data/load.ts';
import { EngineError } from '../model/errors.ts';
import { walkLayers } from '../model/layerTree.ts';
import type { ModelInFile } from '../model/modelInFile.ts';
import type { Layer } from '../model/schema.ts';
import type { Network } from '../network/network.ts';
import { tensorName, type Parameter } from '../network/parameter.ts';
import { clipGradients } from '../optimizers/gradientClip.ts';
import type {
  DifferenceCheck,
  ExplainedLayer,
  Operation,
  OperationKind,
  StepExplanation,
  Term,
} from '../protocol/explanation.ts';
import { assertFits } from '../training/fits.ts';
import { TrainingSession } from '../training/session.ts';
import { parameterFigure, shownEntries } from './figures.ts';
import { restoreRun } from './restoreRun.ts';
import { StepRecorder } from './stepRecorder.ts';

export interface ExplainOptions {
  /** The folder of a run to take weights and the optimizer's memory from. */
  readonly run?: string | undefined;
  /** One training row, counted from 0; without it the next batch. */
  readonly sample?: number | undefined;
}

/** Size of the step of a central difference. At a kink one of them agrees where another straddles it. */
const stepSizes = [1e-5, 1e-6, 1e-4];

/**
 * Does the next step of a training and writes down every operation with its numbers: forward, loss, backward, update.
 * It is the trainer's step on the reference backend. Each gradient comes with central differences beside it.
 * Rejects with what loading the data throws, `shape-mismatch`, `memory-limit` or `wrong-usage`.
 */
export async function explainStep(given: ModelInFile, { run, sample }: ExplainOptions = {}): Promise<StepExplanation> {
  const { model } = given;
  const data = await loadData(given);
  assertFits(given, data);
  const { train } = data.split;
  if (sample !== undefined && sample >= train.length)
    throw new EngineError(
      'wrong-usage',
      `There are ${String(train.length)} training rows, so there is no sample ${String(sample + 1)}. Choose an earlier one.`,
    );
  const recorder = new StepRecorder(referenceBackend, model.layers);
  const open = (backend: Backend) => {
    const session = new TrainingSession(given, data, backend);
    return { session, restored: restoreRun(session, run) };
  };
  const { session, restored } = open(recorder.backend);
  const rows = sample === undefined ? session.plan.next(session.step + 1).slice() : train.subarray(sample, sample + 1);
  const { learningRate } = session;
  let loss = 0;
  let total = 0;
  recorder.record(session.network.parameters, () => {
    ({ loss, total } = session.forwardBackward(rows));
  });
  const before = session.save().tensors;
  const { gradientClip } = model.training;
  const raw = session.network.parameters.map(({ gradient }) => gradient.values);
  const clipped = gradientClip ? clipGradients(raw, gradientClip) : raw;
  const gradients = clipped.map(values => values.slice());
  session.update();
  const after = session.save().tensors;

  const batch = gather(data, rows);
  const lossAfter = session.network.evaluate(batch.input, batch.targets, 'train').loss;
  const checks = differences(open(referenceBackend).session, rows, batch, session.network.parameters);
  return {
    layers: explainedLayers(model.layers, session.network, data),
    operations: [
      ...withChecks(recorder.operations, checks),
      ...session.network.parameters.map((parameter, i) =>
        updateOperation(parameter, gradients[i] ?? new Float64Array(0), before, after),
      ),
    ],
    lossName: model.loss,
    loss,
    penalty: total - loss,
    lossAfter,
    optimizer: session.optimizer,
    learningRate,
    ...(gradientClip?.by !== 'value' && { clipShare: shareLeft(raw, gradients) }),
    step: session.step,
    batchRows: rows.length,
    trainingRows: train.length,
    ...(sample !== undefined && { sample }),
    ...restored,
  };
}

interface Batch {
  readonly input: Matrix;
  readonly targets: Matrix;
}

function gather({ features, targets }: LoadedData, rows: Int32Array): Batch {
  const batch = {
    input: referenceBackend.allocate(rows.length, features.columns),
    targets: referenceBackend.allocate(rows.length, targets.columns),
  };
  referenceBackend.gather(features, rows, batch.input);
  referenceBackend.gather(targets, rows, batch.targets);
  return batch;
}

/** What clipping by the norm has left: one factor for all. */
function shareLeft(raw: readonly ArrayLike<number>[], clipped: readonly ArrayLike<number>[]): number {
  for (const [i, values] of raw.entries())
    for (let j = 0; j < values.length; j++) if (values[j] !== 0) return (clipped[i]?.[j] ?? 0) / (values[j] ?? 1);
  return 1;
}

function explainedLayers(layers: readonly Layer[], { parameters }: Network, data: LoadedData): ExplainedLayer[] {
  let width = data.features.columns;
  return [...walkLayers(layers)].map(({ layer, name }) => {
    const inputs = width;
    const weight = parameters.find(({ layerId, kind }) => layerId === name && kind === 'weight');
    if (weight) width = weight.value.rows;
    return {
      layerId: name,
      type: layer.type,
      inputs: weight?.value.columns ?? inputs,
      outputs: width,
      ...(layer.type === 'dense' && { activation: layer.activation }),
    };
  });
}

type Tensors = ReturnType<TrainingSession['save']>['tensors'];

/** What an update reads and writes: the parameter, its gradient, and the optimizer's memory of it. */
function updateOperation(
  parameter: Parameter,
  gradient: Float64Array | Float32Array,
  before: Tensors,
  after: Tensors,
): Operation {
  const { layerId, kind, value } = parameter;
  const name = tensorName(parameter);
  const figure = (values: Float64Array | Float32Array = new Float64Array(0)) => parameterFigure(kind, value, values);
  const slots = [...before.keys()].flatMap(key => (key.startsWith(`${name}.`) ? [key.slice(name.length + 1)] : []));
  const slotTerms = (tensors: Tensors, when: 'before' | 'after'): Term[] =>
    slots.map(slot => ({ role: { slot, when }, figure: figure(tensors.get(`${name}.${slot}`)?.values) }));
  return {
    phase: 'update',
    layerId,
    kind: 'update',
    parameter: kind,
    operands: [
      { role: 'before', figure: figure(before.get(name)?.values) },
      { role: 'gradient', figure: figure(gradient) },
      ...slotTerms(before, 'before'),
    ],
    result: [...slotTerms(after, 'after'), { role: 'after', figure: figure(after.get(name)?.values) }],
  };
}

/**
 * Central differences of the entries that are drawn, by the name of their tensor, on another network at the same
 * weights and with the same nodes dropped.
 *
 *     ĝ = (L(w + h) − L(w − h)) / 2h
 */
function differences(
  session: TrainingSession,
  rows: Int32Array,
  batch: Batch,
  explained: readonly Parameter[],
): Map<string, DifferenceCheck> {
  const { network } = session;
  // Draws the masks; what it leaves in the gradients is of the same step.
  session.forwardBackward(rows);
  return new Map(
    network.parameters.map((parameter, i) => {
      const gradient = (explained[i]?.gradient ?? parameter.gradient).values;
      return [tensorName(parameter), differencesOf(network, parameter, gradient, batch)];
    }),
  );
}

function differencesOf(
  network: Network,
  { kind, value }: Parameter,
  gradient: ArrayLike<number>,
  { input, targets }: Batch,
): DifferenceCheck {
  const { values } = value;
  const lossAt = (i: number, weight: number): number => {
    const kept = values[i] ?? 0;
    values[i] = weight;
    const total = network.evaluate(input, targets, 'train').loss + network.penalty;
    values[i] = kept;
    return total;
  };
  const numeric = new Float64Array(values.length);
  let [difference, size, numericSize] = [0, 0, 0];
  for (const i of shownEntries(kind, value)) {
    const g = gradient[i] ?? 0;
    const weight = values[i] ?? 0;
    const best = stepSizes
      .map(h => (lossAt(i, weight + h) - lossAt(i, weight - h)) / (weight + h - (weight - h)))
      .reduce((closest, next) => (Math.abs(next - g) < Math.abs(closest - g) ? next : closest));
    numeric[i] = best;
    difference += (best - g) ** 2;
    size += g * g;
    numericSize += best * best;
  }
  const scale = Math.sqrt(size) + Math.sqrt(numericSize);
  return {
    figure: parameterFigure(kind, value, numeric),
    relativeError: scale > 0 ? Math.sqrt(difference) / scale : 0,
  };
}

/** Which tensor an operation gives the gradient of. */
const gradientOf: Partial<Record<OperationKind, Parameter['kind']>> = {
  biasGradient: 'bias',
  batchNormGradient: 'scale',
  layerNormGradient: 'scale',
};

/** The check stands beside the operation that completes a gradient: the penalty where there is one. */
function withChecks(operations: readonly Operation[], checks: ReadonlyMap<string, DifferenceCheck>): Operation[] {
  const penalized = new Set(operations.flatMap(({ kind, layerId }) => (kind === 'penalty' ? [layerId] : [])));
  return operations.map(operation => {
    const { kind, layerId } = operation;
    const tensor =
      kind === 'penalty' || (kind === 'weightGradient' && !penalized.has(layerId)) ? 'weight' : gradientOf[kind];
    const check = tensor && checks.get(`${layerId}.${tensor}`);
    return check ? { ...operation, check } : operation;
  });
}
