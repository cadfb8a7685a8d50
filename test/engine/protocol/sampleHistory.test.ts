import { describe, expect, it } from 'vitest';
import type { GradientsEvent } from '../../../engine/protocol/events.ts';
import { SampleHistory } from '../../../engine/protocol/sampleHistory.ts';

const picture = { rows: 1, columns: 1, values: [[1]] };
const sample = (step: number): GradientsEvent => ({
  event: 'gradients',
  step,
  epoch: step,
  layers: [
    {
      layerId: 'output',
      weightGradientNorm: 1,
      biasGradientNorm: 1,
      weightNorm: 1,
      updateRatio: 1,
      matrices: { weight: picture, weightGradient: picture },
    },
  ],
});

describe('the samples of a run', () => {
  it('stay bounded, the first and the latest among them, in their order', () => {
    const history = new SampleHistory(10);
    for (let step = 1; step <= 1000; step++) history.add(sample(step));
    const steps = history.samples.map(({ step }) => step);
    expect(steps.length).toBeLessThanOrEqual(10);
    expect([steps[0], steps.at(-1)]).toEqual([1, 1000]);
    expect(steps).toEqual(steps.toSorted((a, b) => a - b));
  });

  it('keep the matrices of the latest only', () => {
    const history = new SampleHistory();
    history.add(sample(1));
    history.add(sample(2));
    expect(history.samples.map(({ layers }) => 'matrices' in (layers[0] ?? {}))).toEqual([false, true]);
  });
});
