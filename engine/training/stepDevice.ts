import type { ChosenBackend } from '../backends/choose.ts';
import type { Matrix, Numbers } from '../backends/backend.ts';
import type { LoadedData } from '../data/load.ts';
import type { RandomState } from '../data/random.ts';
import type { Tensor } from '../export/safetensors.ts';
import type { ModelInFile } from '../model/modelInFile.ts';
import type { Model } from '../model/schema.ts';
import type { LayerGradient } from '../protocol/events.ts';
import type { ProbeWishes } from './gradientProbe.ts';

/** One step as the host has drawn it. */
export interface DrawnStep {
  readonly rows: Int32Array;
  /** With the learning rate of this very step. */
  readonly settings: Model['optimizer'];
  /** Counts from 1. */
  readonly step: number;
}

/** What one step gave, or one batch that was evaluated. */
export interface DeviceResult {
  /** Mean loss of the batch, before the update. */
  readonly loss: number;
  /** The loss and the penalties. */
  readonly total: number;
  readonly output: Matrix;
}

/** Weights, running statistics and slots, and the randomness of the dropout to come. */
export interface DeviceState {
  readonly tensors: ReadonlyMap<string, Tensor>;
  readonly dropout: RandomState;
}

/** What the last step did, for whoever looks at it. */
export interface LastStep {
  /** By the names of `gradientTensors`. */
  readonly gradients: ReadonlyMap<string, Tensor>;
  /** Of every dense layer, in the order of `Network.nodes`: [rows of the batch, nodes]. */
  readonly outputs: readonly Numbers[];
}

/** A step whose gradients were looked at: they stayed where they are, what is told of them was found there. */
export interface ProbedStep {
  readonly result: DeviceResult;
  /** Empty where there is a fault. */
  readonly layers: readonly LayerGradient[];
  /** The name of a tensor whose gradient is not finite. */
  readonly fault?: string | undefined;
}

/** A training where a device does the steps, be it in this process or in a view of the editor. Every call rejects with EngineError `device-lost`. */
export interface StepDevice {
  /** The most steps of one `run`. */
  readonly window: number;

  /** Takes a training over. Rejects with `invalid-weights` where it is of another model. */
  load(state: DeviceState): Promise<void>;

  /** Does these steps, at most `window`, one after the other. */
  run(steps: readonly DrawnStep[]): Promise<readonly DeviceResult[]>;

  /** Does one step and looks at its gradients. */
  probe(step: DrawnStep, wishes: ProbeWishes): Promise<ProbedStep>;

  /** Loss and output of these rows as after training; the output is valid until the next call. */
  evaluate(rows: Int32Array): Promise<DeviceResult>;

  /** Everything that the steps have changed; what the last one did where that is asked for. */
  save(options?: { readonly lastStep?: boolean }): Promise<DeviceState & { readonly lastStep?: LastStep }>;

  close(): void;
}

export interface DeviceSizes {
  /** The most rows of any batch. */
  readonly capacity: number;
  /** The most rows of a step. */
  readonly largestBatch: number;
}

/** What a device is made ready for. */
export interface DeviceProblem {
  readonly source: ModelInFile;
  readonly data: Pick<LoadedData, 'features' | 'targets'>;
  readonly sizes: DeviceSizes;
}

/** Makes a device ready, at first and again after it was lost. Rejects with EngineError `backend-unavailable`, `device-lost`. */
export type OpenStepDevice = (problem: DeviceProblem) => Promise<StepDevice>;

/** What trains a model. */
export interface ChosenForTraining extends ChosenBackend {
  /** Where it is not the backend itself that does the steps. */
  readonly openDevice?: OpenStepDevice;
  /** The device imitates a GPU: the CPU itself is faster at what is measured over many rows. */
  readonly isSoftware?: boolean;
  /** What was asked for and is not here, in words for the user. */
  readonly lacking?: string;
}
