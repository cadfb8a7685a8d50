import type { BackendName } from '../model/dataFields.ts';
import type { ModelInFile } from '../model/modelInFile.ts';
import type { DeviceCalls } from '../protocol/deviceCalls.ts';
import type { TrainingEvent } from '../protocol/events.ts';
import type { WeightChange } from '../protocol/trainer.ts';
import type { ForkPoint } from './fork.ts';
import type { ResumableRun } from './resume.ts';

export interface TrainerOptions {
  /** What to train. Its text is kept in the run folder. */
  readonly source: ModelInFile;
  readonly emit: (event: TrainingEvent) => void;
  /** Asked once an epoch: whether somebody would look at gradients now. */
  readonly wantsGradients: () => boolean;
  /** Gradient samples come with histograms, for a viewer that draws them. */
  readonly histograms?: boolean | undefined;
  /** Asked between two steps: whether somebody would look at predictions now. */
  readonly wantsPredictions?: (() => boolean) | undefined;
  /** Ends the reading of the data; `create` then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Ends after exactly so many steps, counted from the beginning, whatever `training.epochs` says. */
  readonly steps?: number | undefined;
  /** The most threads that the backend may use; by default one for each core. */
  readonly threads?: number | undefined;
  /** The run is one of several side by side: it computes on the CPU, whatever the model asks for. */
  readonly cpuOnly?: boolean | undefined;
  /** What computes a model that leaves it open. */
  readonly preferredBackend?: BackendName | undefined;
  /** Starts from these weights instead of drawn ones. */
  readonly initFile?: string | undefined;
  /** Weights set by hand before the first step of a new run or of a branch, which then always has steps left. */
  readonly weights?: readonly WeightChange[] | undefined;
  /** Writes weights, gradients and loss of every step into this folder. */
  readonly traceDirectory?: string | undefined;
  /** The folder of this very run, or … */
  readonly runDirectory?: string | undefined;
  /** … the folder under which a new one is made. Without either nothing is kept. */
  readonly runsDirectory?: string | undefined;
  /** Whether somebody looks at the weights of this layer; at the last step everybody may. */
  readonly watchesLayer?: ((layerId: string) => boolean) | undefined;
  /** Steps between two checkpoints; without it one is written every few seconds. */
  readonly checkpointEvery?: number | undefined;
  /** Devices beyond this process, which the host offers. */
  readonly elsewhere?: DeviceCalls | undefined;
  /** Goes on with this run, whose `source` it is. */
  readonly resume?: ResumableRun | undefined;
  /** Branches off from another run, of whose model `source` may be a variation. */
  readonly fork?: ForkPoint | undefined;
  /** Goes on although the data are no longer those of the run. */
  readonly acceptChangedData?: boolean | undefined;
  /** A resumed run tells its listener what it has recorded before. */
  readonly replay?: boolean | undefined;
}
