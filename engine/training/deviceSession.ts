import type { DeviceBackend, Matrix, Scalar } from '../backends/backend.ts';
import { Random } from '../data/random.ts';
import { EngineError } from '../model/errors.ts';
import { walkLayers } from '../model/layerTree.ts';
import type { Model } from '../model/schema.ts';
import { Network } from '../network/network.ts';
import { BatchRoom } from './batchPrograms.ts';
import { DeviceProbe } from './deviceProbe.ts';
import type { ProbeWishes } from './gradientProbe.ts';
import type {
  DeviceProblem,
  DeviceResult,
  DeviceSizes,
  DeviceState,
  DrawnStep,
  LastStep,
  OpenStepDevice,
  ProbedStep,
  StepDevice,
} from './stepDevice.ts';
import { createSlots, slotSetter, slotTensors, type SlotsOf } from './slots.ts';
import { UpdateProgram } from './updateProgram.ts';
import { gradientTensors, setWeights, weightTensors } from './weights.ts';

/** Steps that are computed before the host looks, and the most numbers of their outputs. */
const mostSteps = 16;
const mostOutputs = 2 ** 20;

interface Program {
  readonly rows: Int32Array;
  readonly output: Matrix;
  readonly run: () => Promise<void>;
}

/** How a device of this process is made ready. */
export const onBackend =
  (open: () => Promise<DeviceBackend>): OpenStepDevice =>
  async ({ source, data, sizes }) =>
    new DeviceSession(await open(), source.model, data, sizes);

/**
 * A training on a device: its own network, whose numbers stay there from step to step. Several steps are computed before what they gave is
 * fetched. It computes what `TrainingSession` does, but knows no plan, schedule or clock.
 */
export class DeviceSession implements StepDevice {
  readonly window: number;
  readonly #backend: DeviceBackend;
  readonly #network: Network;
  readonly #room: BatchRoom;
  readonly #dropout: Random;
  readonly #slots: SlotsOf;
  readonly #update: UpdateProgram;
  readonly #runUpdate: () => Promise<void>;
  readonly #probe: DeviceProbe;
  readonly #largestBatch: number;
  readonly #penalized: boolean;
  readonly #place: Int32Array;
  readonly #losses: Matrix;
  readonly #penalties: Matrix;
  readonly #outputs: Matrix;
  readonly #steps = new Map<number, Program>();
  readonly #evaluations = new Map<number, Program>();
  #lastRows = 0;

  constructor(
    backend: DeviceBackend,
    model: Model,
    data: DeviceProblem['data'],
    { capacity, largestBatch }: DeviceSizes,
  ) {
    const outputs = data.targets.columns;
    this.#backend = backend;
    this.#network = new Network(backend, model, data.features.columns, capacity);
    this.#room = new BatchRoom(backend, data, capacity);
    this.#dropout = new Random(model.seed, 'dropout');
    this.#slots = createSlots(backend, this.#network.parameters, model.optimizer);
    this.#update = new UpdateProgram(backend, backend.passes, this.#slots, model);
    this.#runUpdate = backend.record(() => this.#update.call(undefined));
    this.#probe = new DeviceProbe(backend, this.#network);
    this.#largestBatch = largestBatch;
    this.#penalized = [...walkLayers(model.layers)].some(
      ({ layer }) => layer.type === 'dense' && (layer.l1 > 0 || layer.l2 > 0),
    );
    this.window = Math.max(1, Math.min(mostSteps, Math.floor(mostOutputs / (largestBatch * outputs))));
    this.#place = backend.allocateRows(1);
    this.#losses = backend.allocate(this.window, 1);
    this.#penalties = backend.allocate(this.window, 1);
    this.#outputs = backend.allocate(this.window * largestBatch, outputs);
  }

  load(state: DeviceState): Promise<void> {
    return Promise.resolve().then(() => {
      this.#load(state);
    });
  }

  #load({ tensors, dropout }: DeviceState): void {
    const setSlots = slotSetter(this.#slots, tensors, 'device');
    const { parameters, statistics } = this.#network;
    const slotNames = new Set(slotTensors(this.#slots).map(([name]) => name));
    setWeights(this.#network, new Map([...tensors].filter(([name]) => !slotNames.has(name))), 'device');
    setSlots();
    this.#backend.send([...parameters, ...statistics].map(({ value }) => value.values));
    this.#backend.send([...this.#slots.values()].flatMap(named => Object.values(named)));
    this.#dropout.state = dropout;
  }

  async run(steps: readonly DrawnStep[]): Promise<readonly DeviceResult[]> {
    for (const [i, { rows, settings, step }] of steps.entries()) {
      const program = this.#steps.get(rows.length) ?? this.#recordStep(rows.length);
      program.rows.set(rows);
      this.#place[0] = i;
      this.#lastRows = rows.length;
      this.#network.drawMasks(this.#dropout, rows.length);
      await program.run();
      this.#update.prepare(settings, step);
      await this.#runUpdate();
    }
    const kept = [this.#losses, this.#outputs, ...(this.#penalized ? [this.#penalties] : [])];
    await this.#backend.fetch(kept.map(({ values }) => values));
    return steps.map(({ rows }, i) => this.#kept(rows.length, i));
  }

  async probe(step: DrawnStep, wishes: ProbeWishes): Promise<ProbedStep> {
    await this.#probe.before();
    const [result] = await this.run([step]);
    if (!result) throw new EngineError('internal', 'A step of the device has given nothing.');
    return { result, ...(await this.#probe.after(step.rows.length, wishes)) };
  }

  async evaluate(rows: Int32Array): Promise<DeviceResult> {
    const program = this.#evaluations.get(rows.length) ?? this.#recordEvaluation(rows.length);
    program.rows.set(rows);
    await program.run();
    const { loss } = this.#network.scalars;
    await this.#backend.fetch([loss, program.output.values]);
    return { loss: loss[0] ?? NaN, total: loss[0] ?? NaN, output: program.output };
  }

  async save({ lastStep = false } = {}): Promise<DeviceState & { readonly lastStep?: LastStep }> {
    const { parameters, statistics, nodes } = this.#network;
    const outputs = lastStep ? nodes.map(({ output }) => output(this.#lastRows)) : [];
    await this.#backend.fetch([
      ...[...parameters, ...statistics].map(({ value }) => value.values),
      ...[...this.#slots.values()].flatMap(named => Object.values(named)),
      ...(lastStep ? parameters.map(({ gradient }) => gradient.values) : []),
      ...outputs.map(({ values }) => values),
    ]);
    return {
      tensors: new Map([...weightTensors(this.#network), ...slotTensors(this.#slots)]),
      dropout: this.#dropout.state,
      ...(lastStep && {
        lastStep: {
          gradients: gradientTensors(this.#network),
          outputs: outputs.map(({ rows, columns, values }) => values.slice(0, rows * columns)),
        },
      }),
    };
  }

  close(): void {
    this.#backend.close();
  }

  #recordStep(count: number): Program {
    const program = this.#record(count, (input, targets) => {
      const { output } = this.#network.lossAndGradients(input, targets);
      const { loss, penalty } = this.#network.scalars;
      this.#backend.store(loss, this.#losses, 1, this.#place);
      if (this.#penalized) this.#backend.store(penalty, this.#penalties, 1, this.#place);
      this.#backend.store(output, this.#outputs, this.#largestBatch, this.#place);
      return output;
    });
    this.#steps.set(count, program);
    return program;
  }

  #recordEvaluation(count: number): Program {
    const program = this.#record(count, (input, targets) => this.#network.evaluate(input, targets).output);
    this.#evaluations.set(count, program);
    return program;
  }

  #record(count: number, work: (input: Matrix, targets: Matrix) => Matrix): Program {
    let output: Matrix | undefined;
    const run = this.#backend.record(() => {
      const { input, targets } = this.#room.gather(count);
      output = work(input, targets);
    });
    if (!output) throw new EngineError('internal', 'A program of the device has called no operations.');
    return { rows: this.#room.rows(count), output, run };
  }

  /** What the step in this place of the window gave. */
  #kept(rows: number, place: number): DeviceResult {
    const { columns, values } = this.#outputs;
    const start = place * this.#largestBatch * columns;
    const loss = at(this.#losses, place);
    return {
      loss,
      total: loss + (this.#penalized ? at(this.#penalties, place) : 0),
      output: { rows, columns, values: values.slice(start, start + rows * columns) },
    };
  }
}

const at = ({ values }: { readonly values: Matrix['values'] | Scalar }, place: number): number => values[place] ?? NaN;
