import type { Backend, Matrix } from '../backends/backend.ts';
import { firstRows } from '../backends/backend.ts';
import { classOf } from '../data/dataset.ts';
import type { LoadedData } from '../data/load.ts';
import { planeOf, type Plane } from '../data/plane.ts';
import type { Network } from '../network/network.ts';
import type { Boundary, PredictionsEvent } from '../protocol/predictions.ts';
import type { Task } from './metrics.ts';

const gridSide = 60;
const maximumRows = 2000;
const maximumPoints = 300;
const maximumFit = 500;
const maximumMistakes = 24;
const maximumFeatures = 1024;
/** Share of the data's extent that is shown around it. */
const margin = 0.1;

/** Looks at what a network answers: over the plane that the data lie in, and to the rows that are held out. */
export class PredictionView {
  readonly #backend: Backend;
  readonly #network: Network;
  readonly #data: LoadedData;
  readonly #task: Task;
  readonly #split: 'train' | 'validation';
  /** Spread over the split, at most so many as can be measured without being felt. */
  readonly #rows: Int32Array;
  readonly #input: Matrix;
  readonly #grid: { readonly place: Omit<Boundary, 'classes' | 'values'>; readonly inputs: Matrix } | undefined;
  readonly #points: PredictionsEvent['points'];

  constructor(backend: Backend, network: Network, data: LoadedData, task: Task) {
    this.#backend = backend;
    this.#network = network;
    this.#data = data;
    this.#task = task;
    this.#split = data.split.validation.length > 0 ? 'validation' : 'train';
    this.#rows = spread(data.split[this.#split], maximumRows);
    this.#input = backend.allocate(network.capacity, data.features.columns);
    const drawable = task !== 'flags' && data.targets.columns <= (task === 'regression' ? 1 : 100);
    const plane = drawable ? planeOf(data) : undefined;
    this.#grid = plane && gridOver(plane);
    this.#points = plane && pointsOf(plane, data, task);
  }

  /** Costs a pass over the grid and the rows. */
  look(step: number, epoch: number): PredictionsEvent {
    const { classes, featureNames } = this.#data;
    return {
      event: 'predictions',
      step,
      epoch,
      split: this.#split,
      classNames: [...classes],
      featureNames: featureNames.slice(0, maximumFeatures),
      ...(this.#grid && { boundary: { ...this.#grid.place, ...this.#answers(this.#grid.inputs) } }),
      ...(this.#points && { points: this.#points }),
      ...(this.#task === 'regression' ? { fit: this.#fit() } : this.#task === 'classes' ? this.#classes() : {}),
    };
  }

  /** Calls `visit` with the output of each row of `source` named in `rows`. */
  #pass(source: Matrix, rows: Int32Array, visit: (output: Matrix, at: number, row: number) => void): void {
    for (let start = 0; start < rows.length; start += this.#network.capacity) {
      const part = rows.subarray(start, start + this.#network.capacity);
      const input = firstRows(this.#input, part.length);
      this.#backend.gather(source, part, input);
      const output = this.#network.forward(input);
      part.forEach((row, i) => visit(output, i, row));
    }
  }

  #answers(inputs: Matrix): Pick<Boundary, 'classes' | 'values'> {
    const classes: number[] = [];
    const values: number[] = [];
    this.#pass(
      inputs,
      Int32Array.from({ length: inputs.rows }, (_, i) => i),
      (output, i) => {
        if (this.#task === 'classes') classes.push(classOf(output, i));
        values.push(clipped(output.values[i * output.columns + (output.columns > 1 ? classOf(output, i) : 0)]!));
      },
    );
    return { classes, values };
  }

  #fit(): PredictionsEvent['fit'] {
    const { targets, features } = this.#data;
    const fit: { actual: number; predicted: number }[] = [];
    this.#pass(features, spread(this.#rows, maximumFit), (output, i, row) => {
      fit.push({
        actual: targets.values[row * targets.columns]!,
        predicted: clipped(output.values[i * output.columns]!),
      });
    });
    return fit;
  }

  #classes(): Pick<PredictionsEvent, 'confusion' | 'mistakes'> {
    const { targets, features } = this.#data;
    const size = Math.max(2, targets.columns);
    const confusion = Array.from({ length: size <= 100 ? size : 0 }, () => Array<number>(size).fill(0));
    const mistakes: { row: number; actual: number; predicted: number; probability: number }[] = [];
    this.#pass(features, this.#rows, (output, i, row) => {
      const actual = classOf(targets, row);
      const predicted = classOf(output, i);
      const cells = confusion[actual];
      if (cells) cells[predicted]!++;
      if (actual === predicted) return;
      const value = clipped(output.values[i * output.columns + (output.columns > 1 ? predicted : 0)]!);
      mistakes.push({
        row,
        actual,
        predicted,
        probability: output.columns === 1 && predicted === 0 ? 1 - value : value,
      });
    });
    mistakes.sort((a, b) => b.probability - a.probability);
    return {
      ...(confusion.length > 0 && { confusion }),
      mistakes: mistakes
        .slice(0, maximumMistakes)
        .map(mistake => ({ ...mistake, features: this.#original(mistake.row) })),
    };
  }

  /** A row in the units of the data. */
  #original(row: number): number[] {
    const { features, scaling } = this.#data;
    return Array.from({ length: Math.min(features.columns, maximumFeatures) }, (_, c) =>
      clipped(features.values[row * features.columns + c]! * scaling.scale[c]! + scaling.shift[c]!),
    );
  }
}

/** Every n-th, so that at most `most` remain. */
const spread = (rows: Int32Array, most: number): Int32Array => {
  const every = Math.max(1, Math.ceil(rows.length / most));
  return rows.filter((_, i) => i % every === 0);
};

/** Messages carry finite numbers. */
const clipped = (value: number): number =>
  Number.isNaN(value) ? 0 : Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, value));

function gridOver({ axes, points, original, inputsOf }: Plane) {
  const extent = (c: number) => {
    let min = Infinity;
    let max = -Infinity;
    for (let i = c; i < points.rows * 2; i += 2) {
      min = Math.min(min, points.values[i]!);
      max = Math.max(max, points.values[i]!);
    }
    const around = (max - min || 1) * margin;
    return { min: min - around, max: max + around };
  };
  const [x, y] = [extent(0), extent(1)];
  const values = new Float64Array(gridSide * gridSide * 2);
  for (let row = 0; row < gridSide; row++)
    for (let column = 0; column < gridSide; column++) {
      const i = 2 * (row * gridSide + column);
      values[i] = x.min + ((x.max - x.min) * (column + 0.5)) / gridSide;
      values[i + 1] = y.min + ((y.max - y.min) * (row + 0.5)) / gridSide;
    }
  const place = {
    axes: [...axes] satisfies [string, string],
    xMin: original(x.min, 0),
    xMax: original(x.max, 0),
    yMin: original(y.min, 1),
    yMax: original(y.max, 1),
    columns: gridSide,
    rows: gridSide,
  };
  return { place, inputs: inputsOf({ rows: gridSide * gridSide, columns: 2, values }) };
}

function pointsOf({ points, original }: Plane, { targets, split }: LoadedData, task: Task): PredictionsEvent['points'] {
  return (['train', 'validation'] as const).flatMap(part =>
    Array.from(spread(split[part], maximumPoints), row => ({
      x: original(points.values[2 * row]!, 0),
      y: original(points.values[2 * row + 1]!, 1),
      value: task === 'regression' ? targets.values[row]! : classOf(targets, row),
      split: part,
    })),
  );
}
