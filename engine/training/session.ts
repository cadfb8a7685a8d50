import { firstRows, type Backend, type Matrix } from '../backends/backend.ts';
import { planBatches, type BatchPlan } from '../data/batches.ts';
import type { LoadedData } from '../data/load.ts';
import { Random, type RandomState } from '../data/random.ts';
import type { Tensor } from '../export/safetensors.ts';
import { EngineError } from '../model/errors.ts';
import type { ModelInFile } from '../model/modelInFile.ts';
import type { Model, Training } from '../model/schema.ts';
import { targetEncoding } from '../model/task.ts';
import { Network } from '../network/network.ts';
import { tensorName, type Parameter } from '../network/parameter.ts';
import { clipGradients } from '../optimizers/gradientClip.ts';
import { PlateauWatch, type PlateauState } from '../optimizers/plateau.ts';
import { learningRateAt } from '../optimizers/schedule.ts';
import { updateRules } from '../optimizers/table.ts';
import type { Slots, UpdateRule } from '../optimizers/updateRule.ts';
import type { OptimizerType } from '../model/optimizerFields.ts';
import type { EndEvent, SplitMetrics } from '../protocol/events.ts';
import { MetricsSum, taskOf, type Task } from './metrics.ts';
import { setWeights, weightTensors } from './weights.ts';

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
  /** Hears the loss of each epoch. */
  readonly plateau: PlateauWatch;
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
    this.plateau = new PlateauWatch(model.training.schedule);
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
    const gradients = this.network.parameters.map(({ gradient }) => gradient.values);
    const { gradientClip } = this.#training;
    const clipped = gradientClip ? clipGradients(gradients, gradientClip) : gradients;
    this.network.parameters.forEach((parameter, i) => {
      const slots = this.#slots.get(parameter);
      const gradient = clipped[i];
      if (slots && gradient) this.#rule.update(parameter.value.values, gradient, slots, settings, this.step);
    });
  }

  /** A sum of metrics for this task. */
  newMetrics(): MetricsSum {
    return new MetricsSum(this.task, this.#data.targets.columns);
  }

  /** Everything that decides the steps to come. */
  save(): SessionState {
    const slots = [...this.#slots].flatMap(([parameter, named]) =>
      Object.entries(named).map(([slot, values]): [string, Tensor] => [
        `${tensorName(parameter)}.${slot}`,
        { shape: [values.length], values: values.slice() },
      ]),
    );
    return {
      step: this.step,
      learningRate: this.optimizer.learningRate,
      sampling: this.plan.state,
      dropout: this.#dropout.state,
      plateau: this.plateau.state,
      tensors: new Map([...weightTensors(this.network), ...slots]),
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
    const slots = [...(otherOptimizer ? [] : this.#slots)].flatMap(([parameter, named]) =>
      Object.entries(named).map(([slot, values]) => {
        const name = `${tensorName(parameter)}.${slot}`;
        return { name, values, saved: tensors.get(name)?.values };
      }),
    );
    for (const { name, values, saved } of slots) {
      const other = !saved ? 'optimizer' : saved.length !== values.length ? 'model' : undefined;
      if (other)
        throw new EngineError('invalid-weights', `"${name}" does not fit. The file belongs to another ${other}.`, {
          file,
        });
    }
    const parts = new Set([...this.network.parameters, ...this.network.statistics].map(tensorName));
    const isSlot = (name: string) => parts.has(name.replace(/\.[^.]*$/, ''));
    setWeights(this.network, new Map([...tensors].filter(([name]) => !isSlot(name))), file);
    for (const { values, saved } of slots) values.set(saved ?? []);
    this.step = step;
    this.optimizer.learningRate = learningRate;
    this.plan.restore(sampling, step);
    this.#dropout.state = dropout;
    this.plateau.state = plateau;
  }

  /** Loss and quality over all of `rows`; undefined when there are none. */
  evaluate(rows: Int32Array): SplitMetrics | undefined {
    if (rows.length === 0) return undefined;
    const sum = this.newMetrics();
    for (let start = 0; start < rows.length; start += evaluationRows) {
      const { input, targets } = this.#gather(rows.subarray(start, start + evaluationRows));
      const { loss, output } = this.network.evaluate(input, targets);
      sum.add(loss, output, targets);
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
