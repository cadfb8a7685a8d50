import type { SplitMetrics } from '../protocol/events.ts';

/** Past this many classes the matrix would be larger than what anybody reads. */
const maximumMatrix = 100;

export interface ClassificationState {
  readonly right: number;
  readonly count: number;
  /** For each class: rows of it that were found, rows that were said to be of it, rows of it. */
  readonly found: readonly number[];
  readonly said: readonly number[];
  readonly actual: readonly number[];
  readonly confusion: readonly number[];
}

/**
 * Counts right and wrong answers about classes.
 *
 *     accuracy = right / all      precision = found / said      recall = found / actual      F1 = 2 · precision · recall / (precision + recall)
 *
 * Precision, recall and F1 are those of class 1 where a single output tells two classes apart, else the mean over the
 * classes or flags; one that was never said or never there counts as 0. `confusion[i][j]` counts rows of class i that were said to be j.
 * Source: Sokolova & Lapalme 2009; scikit-learn's `average='macro'`, `zero_division=0`.
 */
export class ClassificationSum {
  readonly #classes: number;
  readonly #kind: 'classes' | 'flags';
  readonly #found: Float64Array;
  readonly #said: Float64Array;
  readonly #actual: Float64Array;
  readonly #confusion: Float64Array;
  #right = 0;
  #count = 0;

  constructor(kind: 'classes' | 'flags', classes: number) {
    this.#kind = kind;
    this.#classes = classes;
    this.#found = new Float64Array(classes);
    this.#said = new Float64Array(classes);
    this.#actual = new Float64Array(classes);
    this.#confusion = new Float64Array(kind === 'classes' && classes <= maximumMatrix ? classes * classes : 0);
  }

  /** A row of class `actual` that was said to be of class `said`. */
  add(actual: number, said: number): void {
    this.#count++;
    this.#actual[actual]!++;
    this.#said[said]!++;
    if (this.#confusion.length > 0) this.#confusion[actual * this.#classes + said]!++;
    if (actual !== said) return;
    this.#right++;
    this.#found[actual]!++;
  }

  /** One yes-or-no answer. */
  addFlag(flag: number, actual: boolean, said: boolean): void {
    this.#count++;
    if (actual === said) this.#right++;
    if (actual) this.#actual[flag]!++;
    if (said) this.#said[flag]!++;
    if (actual && said) this.#found[flag]!++;
  }

  get result(): Partial<SplitMetrics> {
    const binary = this.#kind === 'classes' && this.#classes === 2;
    const scores = Array.from({ length: this.#classes }, (_, i) => this.#scores(i));
    const counted = binary ? scores.slice(1) : scores;
    const mean = (of: (score: Scores) => number) => counted.reduce((sum, score) => sum + of(score), 0) / counted.length;
    const size = this.#classes;
    const confusion = Array.from(this.#confusion.length > 0 ? { length: size } : [], (_, row) =>
      Array.from(this.#confusion.subarray(row * size, (row + 1) * size)),
    );
    return {
      accuracy: this.#right / (this.#count || 1),
      precision: mean(({ precision }) => precision),
      recall: mean(({ recall }) => recall),
      f1: mean(({ f1 }) => f1),
      ...(confusion.length > 0 && { confusion }),
    };
  }

  get state(): ClassificationState {
    return {
      right: this.#right,
      count: this.#count,
      found: [...this.#found],
      said: [...this.#said],
      actual: [...this.#actual],
      confusion: [...this.#confusion],
    };
  }

  set state({ right, count, found, said, actual, confusion }: ClassificationState) {
    this.#right = right;
    this.#count = count;
    this.#found.set(found);
    this.#said.set(said);
    this.#actual.set(actual);
    this.#confusion.set(confusion);
  }

  #scores(i: number): Scores {
    const found = this.#found[i]!;
    const precision = found / (this.#said[i]! || 1);
    const recall = found / (this.#actual[i]! || 1);
    return { precision, recall, f1: found > 0 ? (2 * precision * recall) / (precision + recall) : 0 };
  }
}

interface Scores {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}
