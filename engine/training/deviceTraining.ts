import type { Matrix } from '../backends/backend.ts';
import { referenceBackend } from '../backends/reference/reference.ts';
import type { LoadedData } from '../data/load.ts';
import type { Tensor } from '../export/safetensors.ts';
import { EngineError } from '../model/errors.ts';
import type { SplitMetrics } from '../protocol/events.ts';
import type { ProbeWishes } from './gradientProbe.ts';
import type { GradientSampler } from './gradientSampler.ts';
import type { DeviceResult, DrawnStep, ProbedStep, StepDevice } from './stepDevice.ts';
import { evaluationRows, type StepResult, type TrainingSession } from './session.ts';

/** The longest that messages wait for a device, in milliseconds; a single step may take longer. */
const longestRun = 100;
/** … and for steps that are done again here. */
const longestRedoing = 10;
/** The most rows of steps that may be noted, each step counting as some more: 16 MB of them. */
const mostNoted = 2 ** 22;
const noteOfStep = 64;

export interface DeviceTrainingOptions {
  readonly session: TrainingSession;
  readonly data: Pick<LoadedData, 'targets'>;
  /** Metrics are measured by the session, which is faster. */
  readonly measuresHere: boolean;
  /** Makes the device ready, at first and again after it was lost. */
  readonly open: () => Promise<StepDevice>;
  /** Told when the device was lost, and what became of the training: the step from which the CPU goes on, where it does. */
  readonly warn: (message: string, cpuFrom?: number) => void;
}

/**
 * Trains a session on a device. The session keeps the plan, the schedule and the last numbers that came home; steps since then are noted, so that
 * nothing is lost with the device: it is opened once more, and if that fails too the session does those steps itself and goes on.
 */
export class DeviceTraining {
  readonly #options: DeviceTrainingOptions;
  /** Nothing once the device was lost twice. */
  #device: StepDevice | undefined;
  #wasReopened = false;
  /** The learning rate of the last step. */
  learningRate: number;
  /** Steps that fit into the longest run, as the last one went; the first run compiles, so it is one step. */
  #pace = 1;
  /** The step after which the numbers were last brought home, … */
  #home: number;
  /** … and those done since, … */
  #notHome: DrawnStep[] = [];
  /** … with so many rows. */
  #noted = 0;
  /** The step whose gradients and outputs were last brought home. */
  #lastStepHome: number | undefined;

  private constructor(options: DeviceTrainingOptions, device: StepDevice) {
    this.#options = options;
    this.#device = device;
    this.learningRate = options.session.learningRate;
    this.#home = options.session.step;
  }

  /** Takes the session to the device. Rejects with EngineError `backend-unavailable`, `device-lost`. */
  static async create(options: DeviceTrainingOptions): Promise<DeviceTraining> {
    const device = await options.open();
    await device.load(options.session.save());
    return new DeviceTraining(options, device);
  }

  /** Whether the device still computes; otherwise the session does. */
  get isOnDevice(): boolean {
    return this.#device !== undefined;
  }

  /** Whether the session holds what its last step led to; also what that did, where that is asked for. */
  isHome({ lastStep = false } = {}): boolean {
    const { step } = this.#options.session;
    return step === this.#home && (!lastStep || step === this.#lastStepHome);
  }

  /** Does the session's next steps, at most `most` and as many as the device takes at once. */
  async advance(most: number): Promise<readonly StepResult[]> {
    const { session } = this.#options;
    const count = Math.min(most, this.#device ? Math.min(this.#device.window, this.#pace) : 1);
    const steps = Array.from({ length: count }, () => session.draw());
    const started = performance.now();
    this.learningRate = steps.at(-1)?.settings.learningRate ?? this.learningRate;
    const results = await this.#onDevice(device => device.run(steps));
    if (!results) return steps.map(step => kept(session.redo(step)));
    this.#pace = Math.max(1, Math.floor((count * longestRun) / (performance.now() - started)));
    await this.#note(steps);
    return steps.map(({ rows }, i) => this.#withTargets(results[i]!, rows));
  }

  /** Does the session's next step and looks at its gradients, which stay on the device; where there is none, `sampler` looks at the session's. */
  async probe(
    sampler: GradientSampler,
    wishes: ProbeWishes,
  ): Promise<Omit<ProbedStep, 'result'> & { readonly result: StepResult }> {
    const { session } = this.#options;
    const step = session.draw();
    this.learningRate = step.settings.learningRate;
    const probed = await this.#onDevice(device => device.probe(step, wishes));
    if (!probed) {
      sampler.beforeUpdate();
      const result = kept(session.redo(step));
      return { result, layers: sampler.sample(step.rows.length, wishes) };
    }
    await this.#note([step]);
    return { ...probed, result: this.#withTargets(probed.result, step.rows) };
  }

  /**
   * Brings weights, statistics and slots home; also what the last step did where that is asked for. Throws `diverged` where a weight is
   * not finite.
   */
  async comeHome({ lastStep = false } = {}): Promise<void> {
    const { session } = this.#options;
    if (this.isHome({ lastStep })) return;
    const state = await this.#onDevice(device => device.save({ lastStep }));
    if (!state) return;
    for (const [name, { values }] of state.tensors)
      if (!everyFinite(values))
        throw new EngineError(
          'diverged',
          `After step ${String(session.step)}, "${name}" is not finite. Lower the learning rate, or normalise the inputs.`,
        );
    session.receive(state);
    if (state.lastStep) {
      session.receiveLastStep(state.lastStep);
      this.#lastStepHome = session.step;
    }
    this.#home = session.step;
    this.#forget();
  }

  /** Takes to the device what was changed in the session while its numbers were at home. */
  async takeOver(): Promise<void> {
    const { session } = this.#options;
    await this.#onDevice(device => device.load(session.save()));
  }

  /** Takes the session back to an earlier step since the numbers were last at home, as if the later ones had not been done. */
  async goBackTo(step: number): Promise<void> {
    const { session } = this.#options;
    const kept = this.#notHome.filter(drawn => drawn.step <= step);
    await this.#onDevice(device => replay(device, session, kept));
    this.#forget();
    this.#notHome = kept;
    session.step = step;
    await this.comeHome();
  }

  /** Loss and quality over all of `rows`; undefined when there are none. */
  async evaluate(rows: Int32Array): Promise<SplitMetrics | undefined> {
    const { session, measuresHere } = this.#options;
    if (rows.length === 0) return undefined;
    if (measuresHere) {
      await this.comeHome();
      return session.evaluate(rows);
    }
    const sum = session.newMetrics();
    for (let start = 0; start < rows.length; start += evaluationRows) {
      const part = rows.subarray(start, start + evaluationRows);
      const result = await this.#onDevice(device => device.evaluate(part));
      if (!result) return session.evaluate(rows);
      sum.add(result.loss, result.output, this.#targetsOf(part));
    }
    return sum.result;
  }

  close(): void {
    this.#device?.close();
    this.#device = undefined;
  }

  /** What `work` gives on the device, opened anew if need be; undefined once there is none, and then the session is up to date. */
  async #onDevice<T>(work: (device: StepDevice) => Promise<T>): Promise<T | undefined> {
    while (this.#device) {
      try {
        return await work(this.#device);
      } catch (error) {
        await this.#recover(EngineError.from(error));
      }
    }
    return undefined;
  }

  /** Steps that have been done, and may have to be done again. */
  async #note(steps: readonly DrawnStep[]): Promise<void> {
    for (const step of steps) {
      this.#notHome.push(step);
      this.#noted += step.rows.length + noteOfStep;
    }
    if (this.#noted > mostNoted) await this.comeHome();
  }

  #forget(): void {
    this.#notHome = [];
    this.#noted = 0;
  }

  async #recover({ message }: EngineError): Promise<void> {
    const { session, open, warn } = this.#options;
    this.close();
    const from = this.#home;
    if (!this.#wasReopened) {
      this.#wasReopened = true;
      try {
        const device = await open();
        await replay(device, session, this.#notHome);
        this.#device = device;
        warn(`${message} It was opened again, and the training goes on from step ${String(from)}.`);
        return;
      } catch {
        // The session goes on below.
      }
    }
    warn(`${message} The training goes on from step ${String(from)} on the CPU.`, from);
    let lookAgain = performance.now() + longestRedoing;
    for (const step of this.#notHome) {
      session.redo(step);
      if (performance.now() < lookAgain) continue;
      // A device may have done in seconds what takes minutes here.
      await new Promise(resolve => setImmediate(resolve));
      lookAgain = performance.now() + longestRedoing;
    }
    this.#forget();
  }

  #withTargets({ loss, total, output }: DeviceResult, rows: Int32Array): StepResult {
    return { loss, total, output, targets: this.#targetsOf(rows) };
  }

  #targetsOf(rows: Int32Array) {
    const { targets } = this.#options.data;
    const destination = referenceBackend.allocate(rows.length, targets.columns);
    referenceBackend.gather(targets, rows, destination);
    return destination;
  }
}

/** Brings a device from the session's numbers to where these steps lead. */
async function replay(device: StepDevice, session: TrainingSession, steps: readonly DrawnStep[]): Promise<void> {
  await device.load(session.save());
  for (let start = 0; start < steps.length; start += device.window)
    await device.run(steps.slice(start, start + device.window));
}

/** What a step gave, apart from the memory that the next step writes over. */
const kept = ({ output, targets, ...losses }: StepResult): StepResult => ({
  ...losses,
  output: copyOf(output),
  targets: copyOf(targets),
});

const copyOf = ({ rows, columns, values }: Matrix): Matrix => ({
  rows,
  columns,
  values: values.slice(0, rows * columns),
});

const everyFinite = (values: Tensor['values']): boolean => {
  for (const value of values) if (!Number.isFinite(value)) return false;
  return true;
};
