import { firstRows, type Backend, type Matrix } from '../backends/backend.ts';
import { planBatches, type BatchPlan } from '../data/batches.ts';
import type { LoadedData } from '../data/load.ts';
import { Random } from '../data/random.ts';
import type { ModelInFile } from '../model/modelInFile.ts';
import type { Model, Training } from '../model/schema.ts';
import { targetEncoding } from '../model/task.ts';
import { Network } from '../network/network.ts';
import { tensorName, type Parameter } from '../network/parameter.ts';
import { clipGradients } from '../optimizers/gradientClip.ts';
import { learningRateAt } from '../optimizers/schedule.ts';
import { updateRules } from '../optimizers/table.ts';
import type { Slots, UpdateRule } from '../optimizers/updateRule.ts';
import type { OptimizerType } from '../model/optimizerFields.ts';
import type { SplitMetrics } from '../protocol/events.ts';
import { MetricsSum, taskOf, type Task } from './metrics.ts';

/** Rows of a split that are measured at once. */
const evaluationRows = 512;

/** What one step did. */
export interface StepResult {
  /** Mean loss of the batch, before the update. */
  readonly loss: number;
  /** The loss and the penalties: what the gradients are of. */
  readonly total: number;
  readonly output: Matrix;
  readonly targets: Matrix;
}

/** A step whose numbers stopped being finite. */
export interface Divergence {
  /** What was not finite: the loss, a gradient, or a weight. */
  readonly where: string;
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
  /** Steps done. */
  step = 0;

  readonly #backend: Backend;
  readonly #data: LoadedData;
  readonly #input: Matrix;
  readonly #targets: Matrix;
  readonly #slots: ReadonlyMap<Parameter, Slots>;
  readonly #training: Training;
  readonly #dropout: Random;
  readonly #rule: UpdateRule<OptimizerType, string>;

  constructor(given: ModelInFile, data: LoadedData, backend: Backend) {
    const { model } = given;
    this.#backend = backend;
    this.#data = data;
    this.optimizer = { ...model.optimizer };
    this.plan = planBatches(given, data.split.train);
    this.task = taskOf(targetEncoding(model), data.targets.columns);
    const capacity = Math.max(this.plan.largest, Math.min(evaluationRows, data.features.rows));
    this.network = new Network(backend, model, data.features.columns, capacity);
    this.network.initialize(new Random(model.seed, 'initializer'));
    this.#input = backend.allocate(capacity, data.features.columns);
    this.#targets = backend.allocate(capacity, data.targets.columns);
    this.#rule = updateRules[model.optimizer.type];
    this.#training = model.training;
    this.#dropout = new Random(model.seed, 'dropout');
    this.#slots = new Map(this.network.parameters.map(parameter => [parameter, this.#newSlots(parameter)]));
  }

  /** The epoch, from 1, that a step belongs to; 0 before the first. */
  epochOf(step: number): number {
    return Math.ceil(step / this.plan.stepsPerEpoch);
  }

  /** Computes loss and gradients of the next batch; `update` then completes the step. */
  forwardBackward(): StepResult {
    const { input, targets } = this.#gather(this.plan.next(this.step + 1));
    this.network.drawMasks(this.#dropout, input.rows);
    return { ...this.network.lossAndGradients(input, targets), targets };
  }

  /** Whether the update made a weight that is not finite. */
  overflow(): Divergence | undefined {
    const parameter = this.network.parameters.find(({ value }) => !allFinite(value.values));
    return parameter && { where: `"${tensorName(parameter)}"` };
  }

  /** Whether the loss or a gradient stopped being finite. */
  divergence(total: number): Divergence | undefined {
    if (!Number.isFinite(total)) return { where: 'the loss' };
    const parameter = this.network.parameters.find(({ gradient }) => !allFinite(gradient.values));
    return parameter && { where: `the gradient of "${tensorName(parameter)}"` };
  }

  /** The learning rate of the next step, as the schedule has it. */
  get learningRate(): number {
    const epoch = Math.floor(this.step / this.plan.stepsPerEpoch);
    const { schedule, epochs } = this.#training;
    return learningRateAt(schedule, this.optimizer.learningRate, epoch, epochs);
  }

  /** Moves every parameter by its gradient and counts the step. */
  update(): void {
    const settings = { ...this.optimizer, learningRate: this.learningRate };
    this.step++;
    const gradients = this.network.parameters.map(({ gradient }) => gradient.values);
    const { gradientClip } = this.#training;
    const clipped = gradientClip ? clipGradients(gradients, gradientClip) : gradients;
    this.network.parameters.forEach((parameter, i) => {
      const slots = this.#slots.get(parameter);
      const gradient = clipped[i];
      if (slots && gradient) this.#rule.update(parameter.value.values, gradient, slots, settings, this.step);
    });
  }

  /** Loss and quality over all of `rows`; undefined when there are none. */
  evaluate(rows: Int32Array): SplitMetrics | undefined {
    if (rows.length === 0) return undefined;
    const sum = new MetricsSum(this.task);
    for (let start = 0; start < rows.length; start += evaluationRows) {
      const { input, targets } = this.#gather(rows.subarray(start, start + evaluationRows));
      const { loss, output } = this.network.evaluate(input, targets);
      sum.add(loss, output, targets);
    }
    return sum.result;
  }

  #gather(rows: Int32Array): { input: Matrix; targets: Matrix } {
    const input = firstRows(this.#input, rows.length);
    const targets = firstRows(this.#targets, rows.length);
    this.#backend.gather(this.#data.features, rows, input);
    this.#backend.gather(this.#data.targets, rows, targets);
    return { input, targets };
  }

  #newSlots({ value }: Parameter): Slots {
    const initial = this.#rule.initialSlots(this.optimizer);
    return Object.fromEntries(
      Object.entries(initial).map(([name, start]) => [
        name,
        this.#backend.allocate(value.rows, value.columns).values.fill(start),
      ]),
    );
  }
}

function allFinite(values: ArrayLike<number>): boolean {
  // 0 · x is 0 for every finite x and NaN otherwise, so one pass without branches suffices.
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! * 0;
  return sum === 0;
}
