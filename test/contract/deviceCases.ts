import type { Matrix, Operations, Scalar, Summaries } from '../../engine/backends/backend.ts';
import type { GpuBackend } from '../../engine/backends/gpu/gpuBackend.ts';
import { referenceBackend } from '../../engine/backends/reference/reference.ts';
import { referenceSummaries } from '../../engine/backends/reference/summaries.ts';
import { histogramBins, summarySize } from '../../engine/backends/summaries.ts';
import { difference, filled, numbersFrom, type KernelCase, type Size } from './kernelCases.ts';

/** What a device computes beside the operations of every backend. */
type Summarizing = Operations & { readonly summaries: Summaries };

export interface DeviceCase {
  readonly title: string;
  readonly run: (backend: Summarizing, size: Size, draw: () => number) => readonly (Matrix | Scalar)[];
}

const reference: Summarizing = Object.assign(Object.create(referenceBackend) as Operations, {
  summaries: referenceSummaries,
});

/** Numbers from the middles of bins between −3 and 3, which come first: no rounding takes one to the next bin. */
const middles = (draw: () => number) => {
  const first = [-3, 3];
  return () => first.shift() ?? ((Math.floor((draw() / 6 + 0.5) * histogramBins) + 0.5) / histogramBins - 0.5) * 6;
};

/** What is told of a matrix without its numbers. */
export const summaryCases: readonly DeviceCase[] = [
  {
    title: 'a summary',
    run: (backend, { batch, outputs }, draw) => {
      const summary = backend.allocate(1, summarySize);
      backend.summaries.summarize(filled(backend, batch, outputs, draw), summary);
      return [summary];
    },
  },
  {
    title: 'a summary of zeros',
    run: (backend, { batch, outputs }) => {
      const summary = backend.allocate(1, summarySize);
      backend.summaries.summarize(backend.allocate(batch, outputs), summary);
      return [summary];
    },
  },
  {
    title: 'a summary of numbers whose squares leave float32',
    run: (backend, { batch, outputs }, draw) =>
      [1e25, 1e-25].map(factor => {
        const summary = backend.allocate(1, summarySize);
        const numbers = filled(backend, batch, outputs, () => Math.fround(draw() * factor));
        backend.summaries.summarize(numbers, summary);
        return summary;
      }),
  },
  {
    title: 'a histogram',
    run: (backend, { batch, outputs }, draw) => {
      const [summary, counts] = [backend.allocate(1, summarySize), backend.allocate(1, histogramBins)];
      const numbers = filled(backend, batch, outputs, middles(draw));
      backend.summaries.summarize(numbers, summary);
      backend.summaries.count(numbers, summary, counts);
      return [counts];
    },
  },
  {
    title: 'a difference over itself',
    run: (backend, { batch, outputs }, draw) => {
      const [after, change] = [filled(backend, batch, outputs, draw), backend.allocate(batch, outputs)];
      backend.summaries.copy(filled(backend, batch, outputs, draw), change);
      backend.summaries.difference(after, change, change);
      return [change];
    },
  },
  ...(['sigmoid', 'tanh'] as const).map((activation): DeviceCase => ({
    title: `the saturated share of ${activation}`,
    run: (backend, { batch, outputs }, draw) => {
      const [z, share] = [backend.allocate(batch, outputs), backend.allocateScalar()];
      backend.activate(
        activation,
        filled(backend, batch, outputs, () => draw() * 2),
        z,
      );
      backend.summaries.saturatedShare(activation, z, share);
      return [share];
    },
  })),
  {
    title: 'the dead share of relu',
    run: (backend, { batch, outputs }, draw) => {
      const [z, share] = [backend.allocate(batch, outputs), backend.allocateScalar()];
      // Of a few columns all are below 0.
      let drawn = 0;
      const numbers = filled(backend, batch, outputs, () => {
        const number = draw();
        return (drawn++ % outputs) % 3 === 0 ? -Math.abs(number) : number;
      });
      backend.activate('relu', numbers, z);
      backend.summaries.deadShare(z, share);
      return [share];
    },
  },
];

/** Shapes that meet every edge of a kernel. */
export const shapes: readonly Size[] = [
  { batch: 1, inputs: 1, outputs: 1 },
  { batch: 3, inputs: 9, outputs: 2 },
  { batch: 33, inputs: 17, outputs: 16 },
  { batch: 5, inputs: 70, outputs: 129 },
];

/** Sums longer than gpu.js unrolls or bounds by itself. */
export const longSums: readonly Size[] = [
  { batch: 7, inputs: 1301, outputs: 3 },
  { batch: 1301, inputs: 5, outputs: 9 },
  { batch: 6, inputs: 17, outputs: 1301 },
];

/** Runs a case on a device and brings what it wrote home. The largest difference from the reference, which is float64: what float32 loses is part of it. */
export async function differenceOn(gpu: GpuBackend, { run }: DeviceCase | KernelCase, size: Size): Promise<number> {
  let written: readonly (Matrix | Scalar)[] = [];
  const program = gpu.record(() => {
    written = run(gpu, size, numbersFrom(5));
  });
  await program();
  await gpu.fetch(written.map(result => ('rows' in result ? result.values : result)));
  return difference(written, run(reference, size, numbersFrom(5)));
}
