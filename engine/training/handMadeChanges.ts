import { EngineError } from '../model/errors.ts';
import type { Network } from '../network/network.ts';
import type { WeightChange } from '../protocol/trainer.ts';
import { setWeight } from './setWeight.ts';

interface Waiting {
  readonly change: WeightChange;
  readonly answer: PromiseWithResolvers<number>;
}

/** Weights that somebody has set while a training runs. They wait for the moment between two steps, which on a device is not at once. */
export class HandMadeChanges {
  #waiting: Waiting[] = [];
  #arrival = Promise.withResolvers<undefined>();
  #isOver = false;

  get any(): boolean {
    return this.#waiting.length > 0;
  }

  /** Resolves when one waits. */
  get arrived(): Promise<undefined> {
    return this.#arrival.promise;
  }

  /** Resolves to what `told` gives for this change. Rejects with `invalid-weights` or `not-running`. */
  add(change: WeightChange): Promise<number> {
    if (this.#isOver) return Promise.reject(tooLate());
    const answer = Promise.withResolvers<number>();
    this.#waiting.push({ change, answer });
    this.#arrival.resolve(undefined);
    return answer.promise;
  }

  /** Sets all that wait, and resolves each to what `told` gives for it; one that cannot be set keeps no other from it. */
  take(network: Network, told: (change: WeightChange) => number): void {
    for (const { change, answer } of this.#takeAll()) {
      try {
        setWeight(network, change);
        answer.resolve(told(change));
      } catch (error) {
        answer.reject(EngineError.from(error));
      }
    }
  }

  /** No step follows: what waits is refused, and whatever comes. */
  refuse(): void {
    this.#isOver = true;
    for (const { answer } of this.#takeAll()) answer.reject(tooLate());
  }

  #takeAll(): readonly Waiting[] {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#arrival = Promise.withResolvers<undefined>();
    return waiting;
  }
}

const tooLate = (): EngineError =>
  new EngineError(
    'not-running',
    'The training is over before the weight could be set. Train again, and pause it first.',
  );
