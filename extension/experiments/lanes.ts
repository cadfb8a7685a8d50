import { availableParallelism } from 'node:os';
import { t } from '@vscode/l10n';
import { EngineError } from '../../engine/model/errors.ts';
import type { TrainingEvent } from '../../engine/protocol/events.ts';
import type { TrainerCalls } from '../../engine/protocol/trainer.ts';
import type { WeightSample } from '../../engine/protocol/weightSample.ts';
import { endText, politeness, type ProcessStarter, type TrainingProcess } from '../training/trainingProcess.ts';

/** How each of many trainings computes: on one core, because the others have the other cores, and on no GPU, because there is one for all of them. */
export const sideBySide = { threads: 1, cpuOnly: true } as const;

/** One training among many. */
export interface Job {
  /** Starts the training, or goes on with it. */
  readonly launch: (trainer: TrainerCalls) => Promise<void>;
  readonly receive: (events: readonly TrainingEvent[]) => void;
  /** The training could not begin, or its process died. */
  readonly fail: (message: string) => void;
  /** False when its process has stopped responding, true when it responds again. */
  readonly responsive?: (value: boolean) => void;
  /** The training begins in a process that can be asked for its weights; they come to `weigh`. */
  readonly begin?: (trainer: Pick<TrainerCalls, 'requestWeights'>) => void;
  readonly weigh?: (sample: WeightSample) => void;
  /** The training is over; its process does something else now. */
  readonly end?: () => void;
}

/**
 * Does many trainings, as many at once as there are cores. Each lane keeps its process from one training
 * to the next; a process that dies costs one training, and the next one gets a new process.
 */
export class Lanes {
  readonly #startProcess: ProcessStarter;
  readonly #waiting: Job[];
  readonly #processes = new Set<TrainingProcess>();
  #stopped = false;

  constructor(startProcess: ProcessStarter, jobs: readonly Job[]) {
    this.#startProcess = startProcess;
    this.#waiting = [...jobs];
  }

  /** Settles when every job is over, or after `stop`. */
  async run(): Promise<void> {
    const lanes = Math.min(availableParallelism(), this.#waiting.length);
    await Promise.all(Array.from({ length: lanes }, () => this.#lane()));
  }

  /** Lets every running training end after its step; one that does not answer is killed. Nothing else begins. */
  stop(): void {
    this.#stopped = true;
    for (const process of this.#processes) {
      const killing = setTimeout(() => process.kill(), politeness);
      void process.ended.then(() => clearTimeout(killing));
      process.trainer.stop().catch(() => undefined);
    }
  }

  dispose(): void {
    this.#stopped = true;
    for (const process of this.#processes) process.dispose();
  }

  async #lane(): Promise<void> {
    let process: TrainingProcess | undefined;
    let receive: Job['receive'] = () => undefined;
    let responsive: Job['responsive'];
    let weigh: Job['weigh'];
    for (let job = this.#next(); job; job = this.#next()) {
      if (!process) {
        const started = this.#startProcess({
          events: batch => receive(batch),
          responsive: value => responsive?.(value),
          weights: sample => weigh?.(sample),
        });
        this.#processes.add(started);
        void started.ended.then(() => this.#processes.delete(started));
        process = started;
      }
      const { promise: over, resolve } = Promise.withResolvers<undefined>();
      const { receive: tell } = job;
      responsive = job.responsive;
      receive = batch => {
        tell(batch);
        if (batch.some(({ event }) => event === 'end')) resolve(undefined);
      };
      weigh = job.weigh;
      job.begin?.(process.trainer);
      const died = process.ended.then(end => t('The training process stopped unexpectedly ({0}).', endText(end)));
      const failure = await Promise.race([job.launch(process.trainer).then(() => over, messageOf), died]);
      job.end?.();
      if (failure !== undefined) job.fail(failure);
      if (!this.#processes.has(process)) process = undefined;
    }
    process?.dispose();
  }

  #next(): Job | undefined {
    return this.#stopped ? undefined : this.#waiting.shift();
  }
}

const messageOf = (thrown: unknown): string => EngineError.from(thrown).line;
