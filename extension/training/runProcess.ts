import type { TrainerCalls } from '../../engine/protocol/trainer.ts';
import { politeness, type TrainingProcess } from './trainingProcess.ts';

/** The process of one run, as long as the run lasts: what it is told and asked, and how it is ended. */
export class RunProcess {
  readonly #process: TrainingProcess;
  readonly #over = Promise.withResolvers<undefined>();
  #isOver = false;

  constructor(process: TrainingProcess) {
    this.#process = process;
  }

  /** Settles with the end of the run, whoever told it. */
  get over(): Promise<undefined> {
    return this.#over.promise;
  }

  get trainer(): TrainerCalls {
    return this.#process.trainer;
  }

  /** Something whose answer, if it has one, comes as an event. */
  tell(call: (trainer: TrainerCalls) => Promise<unknown>): void {
    call(this.trainer).catch(() => undefined);
  }

  /** Whether the process did what it was asked; a run whose end comes first says so itself. */
  obeys(wish: (trainer: TrainerCalls) => Promise<unknown>): Promise<boolean> {
    return wish(this.trainer).then(
      () => !this.#isOver,
      () => false,
    );
  }

  /**
   * Asks for the end of the run. The answer is no end: data may still be read, or devices be measured. A process that has not ended the
   * run in time is killed.
   */
  stop(): void {
    const killing = setTimeout(() => this.#process.kill(), politeness);
    void this.#process.ended.then(() => clearTimeout(killing));
    this.tell(trainer => trainer.stop());
  }

  /** The run is over: lets go of the process. */
  release(): void {
    this.#isOver = true;
    this.#process.dispose();
    this.#over.resolve(undefined);
  }
}
