import type { Backend, Matrix, Scalar } from '../backends/backend.ts';
import { planBatches, type BatchPlan } from '../data/batches.ts';
import type { LoadedData } from '../data/load.ts';
import { Random, type RandomState } from '../data/random.ts';
import type { Tensor } from '../export/safetensors.ts';
import type { ModelInFile } from '../model/modelInFile.ts';
import type { Model, Training } from '../model/schema.ts';
import { targetEncoding } from '../model/task.ts';
import { Network } from '../network/network.ts';
import { tensorName } from '../network/parameter.ts';
import { PlateauWatch, type PlateauState } from '../optimizers/plateau.ts';
import { learningRateAt } from '../optimizers/schedule.ts';
import type { EndEvent, SplitMetrics } from '../protocol/events.ts';
import { BatchPrograms, BatchRoom } from './batchPrograms.ts';
import { ParameterUpdate } from './parameterUpdate.ts';
import { createSlots, slotSetter, slotTensors, type SlotsOf } from './slots.ts';
import type { DrawnStep, LastStep } from './stepDevice.ts';
import { MetricsSum, taskOf, type Task } from './metrics.ts';
import { gradientName, setWeights, weightTensors } from './weights.ts';

/** Rows of a split that are measured at once. */
export const evaluationRows = 512;

/** What a session needs of the data. */
type SessionData = Pick<LoadedData, 'features' | 'targets' | 'split'>;

/** What one step did. */
export interface StepResult {
  /** Mean loss of the batch, before the update. */
  readonly loss: number;
  /** The loss and the penalties: what the gradients are of. */
  readonly total: number;
  readonly output: Matrix;
  readonly targets: Matrix;
}

/** A training between two steps. */
export interface SessionState {
  readonly step: number;
  readonly learningRate: number;
  readonly sampling: RandomState | undefined;
  readonly dropout: RandomState;
  readonly plateau: PlateauState;
  /** Weights, running statistics and the optimizer's slots. */
  readonly tensors: ReadonlyMap<string, Tensor>;
}

/** A step whose numbers stopped being finite. */
export class Divergence {
  readonly #where: string;

  /** `where` says what was not finite: the loss, a gradient, or a weight. */
  constructor(where: string) {
    this.#where = where;
  }

  /** The gradient of the tensor with this name. */
  static ofGradient(name: string): Divergence {
    return new Divergence(`the gradient of "${name}"`);
  }

  /** What to tell the user if it happened at this step. */
  at(step: number): string {
    return `At step ${String(step)}, ${this.#where} is not finite. Lower the learning rate, or normalise the inputs.`;
  }
}

/**
 * The state of one training and its single step: batch, forward, backward, update. It knows no
 * clock, file or listener, so the same model and seed give the same bits anywhere.
 */
export class TrainingSession {
  readonly network: Network;
  readonly plan: BatchPlan;
  readonly task: Task;
  /** Read at every update: changing it takes effect with the next step. */
  readonly optimizer: Model['optimizer'];
  /** Hears the loss of each epoch. */
  readonly plateau: PlateauWatch;
  /** Steps done. */
  step = 0;

  readonly #backend: Backend;
  readonly #data: SessionData;
  readonly #steps: BatchPrograms;
  readonly #evaluations: BatchPrograms;
  readonly #update: ParameterUpdate;
  readonly #gradientFault: Scalar;
  readonly #slots: SlotsOf;
  readonly #training: Training;
  readonly #dropout: Random;

  constructor(given: ModelInFile, data: SessionData, backend: Backend) {
    const { model } = given;
    this.#backend = backend;
    this.#data = data;
    this.optimizer = { ...model.optimizer };
    this.plan = planBatches(given, data.split.train);
    this.task = taskOf(targetEncoding(model), data.targets.columns);
    const capacity = Math.max(this.plan.largest, Math.min(evaluationRows, data.features.rows));
    this.network = new Network(backend, model, data.features.columns, capacity);
    this.network.initialize(new Random(model.seed, 'initializer'));
    const room = new BatchRoom(backend, data, capacity);
    this.#gradientFault = backend.allocateScalar();
    this.#steps = new BatchPrograms(backend, room, (input, targets) => this.#lossAndGradients(input, targets));
    this.#evaluations = new BatchPrograms(
      backend,
      room,
      (input, targets) => this.network.evaluate(input, targets).output,
    );
    this.#training = model.training;
    this.plateau = new PlateauWatch(model.training.schedule);
    this.#dropout = new Random(model.seed, 'dropout');
    this.#slots = createSlots(backend, this.network.parameters, model.optimizer);
    this.#update = new ParameterUpdate(backend, this.#slots, model);
  }

  /** Ends the backend's threads. */
  close(): void {
    this.#backend.close();
  }

  /** The epoch, from 1, that a step belongs to; 0 before the first. */
  epochOf(step: number): number {
    return Math.ceil(step / this.plan.stepsPerEpoch);
  }

  /** Computes loss and gradients of the next batch, or of these rows; `update` then completes the step. */
  forwardBackward(rows: Int32Array = this.plan.next(this.step + 1)): StepResult {
    this.network.drawMasks(this.#dropout, rows.length);
    const { output, targets } = this.#steps.run(rows);
    return { loss: this.network.loss, total: this.network.total, output, targets };
  }

  /** Draws the next step for whoever computes it elsewhere, and counts it. */
  draw(): DrawnStep {
    const settings = { ...this.optimizer, learningRate: this.learningRate };
    this.step++;
    return { rows: this.plan.next(this.step).slice(), settings, step: this.step };
  }

  /** Computes a step that has been drawn and counted. */
  redo({ rows, settings, step }: DrawnStep): StepResult {
    const result = this.forwardBackward(rows);
    this.#update.run(settings, step);
    return result;
  }

  /** Whether the update made a weight that is not finite. */
  overflow(): Divergence | undefined {
    if (!this.#update.overflowed) return undefined;
    const parameter = this.network.parameters.find(({ value }) => !value.values.every(Number.isFinite));
    return new Divergence(parameter ? `"${tensorName(parameter)}"` : 'a weight');
  }

  /** Whether the loss or a gradient stopped being finite. */
  divergence(total: number): Divergence | undefined {
    if (!Number.isFinite(total)) return new Divergence('the loss');
    if (this.#gradientFault[0] === 0) return undefined;
    const parameter = this.network.parameters.find(({ gradient }) => !gradient.values.every(Number.isFinite));
    return parameter ? Divergence.ofGradient(tensorName(parameter)) : new Divergence('a gradient');
  }

  /** The learning rate of the next step, as the schedule has it. */
  get learningRate(): number {
    const { schedule, epochs } = this.#training;
    return learningRateAt(schedule, this.optimizer.learningRate, {
      step: this.step,
      stepsPerEpoch: this.plan.stepsPerEpoch,
      epochs,
      reductions: this.plateau.reductions,
    });
  }

  /** Moves every parameter by its gradient and counts the step. */
  update(): void {
    const settings = { ...this.optimizer, learningRate: this.learningRate };
    this.step++;
    this.#update.run(settings, this.step);
  }

  /** A sum of metrics for this task. */
  newMetrics(): MetricsSum {
    return new MetricsSum(this.task, this.#data.targets.columns);
  }

  /** Everything that decides the steps to come. */
  save(): SessionState {
    return {
      step: this.step,
      learningRate: this.optimizer.learningRate,
      sampling: this.plan.state,
      dropout: this.#dropout.state,
      plateau: this.plateau.state,
      tensors: new Map([...weightTensors(this.network), ...slotTensors(this.#slots)]),
    };
  }

  /**
   * Goes on as the session did that was saved; `otherOptimizer` begins with empty slots.
   * Throws `invalid-weights`, placed in `file`, before anything is changed.
   */
  restore(
    { step, learningRate, sampling, dropout, plateau, tensors }: SessionState,
    file: string,
    { otherOptimizer = false } = {},
  ): void {
    this.#setTensors(tensors, file, otherOptimizer ? new Map() : this.#slots);
    this.step = step;
    this.optimizer.learningRate = learningRate;
    this.plan.restore(sampling, step);
    this.#dropout.state = dropout;
    this.plateau.state = plateau;
  }

  /** Takes over what a device has made of the weights, the slots and the randomness of dropout. */
  receive({ tensors, dropout }: Pick<SessionState, 'tensors' | 'dropout'>): void {
    this.#setTensors(tensors, 'device', this.#slots);
    this.#dropout.state = dropout;
  }

  /** Takes over what a step left that was computed elsewhere: gradients, and the outputs of the nodes. */
  receiveLastStep({ gradients, outputs }: LastStep): void {
    for (const parameter of this.network.parameters)
      parameter.gradient.values.set(gradients.get(gradientName(parameter))?.values ?? []);
    this.network.nodes.forEach(({ output }, i) => output(1).values.set(outputs[i] ?? []));
  }

  /** Weights, running statistics and slots. Throws `invalid-weights` before anything is changed. */
  #setTensors(tensors: SessionState['tensors'], file: string, slots: SlotsOf): void {
    const setSlots = slotSetter(slots, tensors, file);
    const parts = new Set([...this.network.parameters, ...this.network.statistics].map(tensorName));
    const isSlot = (name: string) => parts.has(name.replace(/\.[^.]*$/, ''));
    setWeights(this.network, new Map([...tensors].filter(([name]) => !isSlot(name))), file);
    setSlots();
  }

  /** Loss and quality over all of `rows`; undefined when there are none. */
  evaluate(rows: Int32Array): SplitMetrics | undefined {
    if (rows.length === 0) return undefined;
    const sum = this.newMetrics();
    for (let start = 0; start < rows.length; start += evaluationRows) {
      const { output, targets } = this.#evaluations.run(rows.subarray(start, start + evaluationRows));
      sum.add(this.network.loss, output, targets);
    }
    return sum.result;
  }

  /** Loss and quality of each split that has rows and where they are finite. */
  evaluateSplits(): EndEvent['metrics'] {
    const { train, validation, test } = this.#data.split;
    const measured = Object.entries({ train, validation, test }).map(
      ([name, rows]) => [name, this.evaluate(rows)] as const,
    );
    return Object.fromEntries(measured.filter(([, metrics]) => metrics && Number.isFinite(metrics.loss)));
  }

  /** What a step computes before the update. */
  #lossAndGradients(input: Matrix, targets: Matrix): Matrix {
    const { output } = this.network.lossAndGradients(input, targets);
    this.#backend.clear(this.#gradientFault);
    for (const { gradient } of this.network.parameters) this.#backend.checkFinite(gradient, this.#gradientFault);
    return output;
  }
}
