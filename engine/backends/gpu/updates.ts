import type { Matrix, Numbers, Scalar, UpdatePass, UpdatePasses } from '../backend.ts';
import { rowFaults, rowSquares } from './kernels/reductions.ts';
import { clipScale, updateKernels } from './kernels/updates.ts';
import type { Place } from './launch.ts';
import type { Recorder } from './recorder.ts';

/** The optimizers' passes. The coefficients are fed, so what a clip leaves of the gradient stands beside them. */
export class GpuPasses implements UpdatePasses {
  readonly #recorder: Recorder;
  /** By the coefficients: the factor that the norm's clip has left. */
  readonly #clips = new Map<Numbers, Place>();

  constructor(recorder: Recorder) {
    this.#recorder = recorder;
  }

  sumOfSquares(values: Matrix, sum: Scalar): void {
    const place = this.#recorder.at(values);
    this.#recorder.addRows(rowSquares, [place], place, this.#recorder.scalar(sum));
  }

  clipByNorm(squares: Scalar, limit: number, coefficients: Matrix): void {
    this.#recorder.emit(clipScale, [this.#recorder.scalar(squares), limit], this.#clipOf(coefficients));
  }

  update(
    pass: UpdatePass,
    weight: Matrix,
    gradient: Matrix,
    slots: readonly Numbers[],
    coefficients: Matrix,
    fault: Scalar | undefined,
  ): void {
    const { rows, columns } = weight;
    const [first, second] = slots.map(values => this.#recorder.at({ rows, columns, values }));
    const places: Record<string, Place | undefined> = {
      weight: this.#recorder.at(weight),
      gradient: this.#recorder.at(gradient),
      first,
      second,
      c: this.#recorder.at(coefficients),
      clip: this.#clipOf(coefficients),
    };
    for (const { writes, source } of updateKernels[pass]) {
      const inputs = source.parameters.flatMap(name => places[name] ?? []);
      const output = places[writes];
      if (output) this.#recorder.emit(source, inputs, output);
    }
    if (fault) this.checkFinite(weight, fault);
  }

  /** fault ← fault + how many numbers are not finite */
  checkFinite(matrix: Matrix, fault: Scalar): void {
    const place = this.#recorder.at(matrix);
    this.#recorder.addRows(rowFaults, [place], place, this.#recorder.scalar(fault));
  }

  /** 1 until `clipByNorm` says otherwise. */
  #clipOf({ values }: Matrix): Place {
    const known = this.#clips.get(values);
    if (known) return known;
    const clip = this.#recorder.matrix(1, 1);
    clip.values.fill(1);
    const place = this.#recorder.at(clip);
    this.#clips.set(values, place);
    return place;
  }
}
