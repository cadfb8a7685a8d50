/** The pause of a run, which somebody begins, ends, or interrupts for one step. */
export class Standstill {
  #waiting: PromiseWithResolvers<undefined> | undefined;

  get isOn(): boolean {
    return this.#waiting !== undefined;
  }

  begin(): void {
    this.#waiting ??= Promise.withResolvers<undefined>();
  }

  end(): void {
    this.#waiting?.resolve(undefined);
    this.#waiting = undefined;
  }

  /** Lets whoever waits go on once, to find the next pause. */
  async interrupt(): Promise<void> {
    const waiting = this.#waiting;
    if (!waiting) return;
    this.#waiting = Promise.withResolvers<undefined>();
    waiting.resolve(undefined);
    // Whoever waits goes on before this does.
    await new Promise(resolve => setImmediate(resolve));
  }

  /** Waits as long as the pause lasts, or until messages have been heard; `woken` does what has come up meanwhile. */
  async wait(wake: () => Promise<unknown>, woken: () => Promise<void>): Promise<void> {
    const waiting = this.#waiting;
    do {
      await (waiting ? Promise.race([waiting.promise, wake()]) : new Promise(resolve => setImmediate(resolve)));
      await woken();
    } while (waiting && this.#waiting === waiting);
  }
}
