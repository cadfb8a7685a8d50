/** Milliseconds from one drawing to the next. */
const interval = 100;
/** How many times as long as a drawing took the page rests after it, so that the editor around it stays quick on a busy machine. */
const restPerDrawing = 2;

/** When a page draws what changes by itself: at once after a pause, then at most ten times a second, more seldom where that takes long. */
export class DrawingPace {
  readonly #draw: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #began = -Infinity;
  #next = -Infinity;
  #isDrawing = false;
  #wished = false;

  constructor(draw: () => void) {
    this.#draw = draw;
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }

  /** Something has changed. */
  wish(): void {
    if (this.#isDrawing) this.#wished = true;
    else this.#timer ??= setTimeout(() => this.#begin(), Math.max(0, this.#next - performance.now()));
  }

  /** The drawing at hand, if there is one, has been done. */
  done(): void {
    if (!this.#isDrawing) return;
    this.#isDrawing = false;
    const cost = performance.now() - this.#began;
    this.#next = this.#began + Math.max(interval, (1 + restPerDrawing) * cost);
    if (this.#wished) this.wish();
  }

  #begin(): void {
    this.#timer = undefined;
    this.#wished = false;
    this.#isDrawing = true;
    this.#began = performance.now();
    this.#draw();
  }
}
