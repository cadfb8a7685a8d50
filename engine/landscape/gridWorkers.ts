import type { MessagePort } from 'node:worker_threads';
import { Worker } from 'node:worker_threads';
import { EngineError } from '../model/errors.ts';
import { LossAtWeights, type LossProblem, type WeightPlane } from './lossAtWeights.ts';

/** Answers with the loss at points (a, b) of a plane, for a network whose batch norm has gathered these statistics. */
export type PlaneLosses = (plane: WeightPlane, points: Float64Array, statistics: Float64Array) => Promise<Float64Array>;

interface Task {
  readonly plane: WeightPlane;
  readonly points: Float64Array;
  readonly statistics: Float64Array;
}

/** Threads that evaluate one loss at many points. A task goes to whichever is free. */
export class GridWorkers {
  readonly #workers: readonly Worker[];
  readonly #free: Worker[];
  readonly #waiting: ((worker: Worker) => void)[] = [];

  /** `entry` is a file that calls `serveGrid` in a thread. */
  constructor(entry: URL, count: number, problem: LossProblem) {
    this.#workers = Array.from({ length: count }, () => new Worker(entry, { workerData: problem }));
    this.#free = [...this.#workers];
  }

  get count(): number {
    return this.#workers.length;
  }

  losses: PlaneLosses = async (plane, points, statistics) => {
    const worker = this.#free.pop() ?? (await new Promise<Worker>(resolve => this.#waiting.push(resolve)));
    try {
      return await ask(worker, { plane, points, statistics });
    } finally {
      const next = this.#waiting.shift();
      if (next) next(worker);
      else this.#free.push(worker);
    }
  };

  async dispose(): Promise<void> {
    await Promise.all(this.#workers.map(worker => worker.terminate()));
  }
}

function ask(worker: Worker, task: Task): Promise<Float64Array> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      worker.off('message', answered).off('error', failed).off('exit', ended);
      act();
    };
    const answered = (losses: Float64Array) => settle(() => resolve(losses));
    const failed = (error: unknown) => settle(() => reject(EngineError.from(error)));
    const ended = () =>
      settle(() => reject(new EngineError('process-ended', 'A thread of the loss surface has ended.')));
    worker.on('message', answered).on('error', failed).on('exit', ended);
    worker.postMessage(task);
  });
}

/** The other end: answers each task with its losses. */
export function serveGrid(port: MessagePort, problem: LossProblem): void {
  const loss = new LossAtWeights(problem);
  port.on('message', ({ plane, points, statistics }: Task) => {
    port.postMessage(loss.onPlane(plane, points, statistics));
  });
}
