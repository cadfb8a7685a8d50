import { describe, expect, it } from 'vitest';
import { decadesOf, heightOf, historiesAt, ratioPosition } from '../../webview/gradients/samples.ts';
import { axisEnd, extend, noCurves, points, tableCsv } from '../../webview/training/curves.ts';
import { metricsEvent as metrics, startEvent as start } from '../support/events.ts';

describe('the curves of a run', () => {
  it('grow with its events, and begin anew from nothing', () => {
    const curves = extend(extend(noCurves, [start, metrics(0)]), [
      metrics(1),
      { event: 'hyperparameters', step: 6, learningRate: 0.5 },
      { event: 'warning', code: 'not-responding', message: 'Silent.' },
      { event: 'end', reason: 'stopped', step: 8, epoch: 2, metrics: {} },
    ]);
    expect(curves.metrics.map(({ epoch }) => epoch)).toEqual([0, 1]);
    expect(curves.changes).toEqual([{ epoch: 1.5, learningRate: 0.5 }]);
    expect(curves.end?.reason).toBe('stopped');
    expect(extend(curves, [{ event: 'warning', code: 'responding', message: '' }]).warning).toBeUndefined();
    expect(noCurves.metrics).toEqual([]);
  });

  it('name what computes since a device was lost', () => {
    const computes = { backend: 'wasm', device: 'CPU, float32', step: 7 } as const;
    const curves = extend(noCurves, [
      { ...start, backend: 'gpu', device: 'GPU Card' },
      { event: 'warning', code: 'device', message: 'The device gave up.', computes },
    ]);
    expect(curves.start).toEqual({
      ...start,
      backend: 'wasm',
      device: 'CPU, float32',
      backendReason: 'since step 7: The device gave up.',
    });
  });

  it('say how far the data have been read, until the training begins', () => {
    const read = (bytesRead: number) => ({ event: 'progress' as const, bytesRead, bytesTotal: 9e6 });
    const reading = extend(noCurves, [read(1e6), read(5e6)]);
    expect(reading.progress?.bytesRead).toBe(5e6);
    expect(extend(reading, [start]).progress).toBeUndefined();
  });

  it('leave out what was not measured', () => {
    expect(points([metrics(0), metrics(1, { validationLoss: 3 })], event => event.validationLoss)).toEqual([
      { x: 1, y: 3 },
    ]);
  });

  it.each([
    [[], false, 100],
    [[metrics(90)], false, 200],
    [[metrics(990)], false, 1000],
    [[metrics(37)], true, 37],
  ])('after %o, ended: %s, are drawn up to epoch %i', (events, ended, expected) => {
    const end = ended ? [{ event: 'end' as const, reason: 'stopped' as const, step: 0, epoch: 0, metrics: {} }] : [];
    expect(axisEnd(extend(noCurves, [start, ...events, ...end]))).toBe(expected);
  });

  it('are a table with full precision', () => {
    expect(tableCsv([metrics(2, { validationLoss: 0.1 + 0.2 })])).toBe(
      'epoch,step,trainLoss,validationLoss,learningRate\n2,8,0.3333333333333333,0.30000000000000004,0.1\n',
    );
  });
});

describe('gradient samples', () => {
  const sample = (norm: number, layerId = 'hidden1') => ({
    event: 'gradients' as const,
    step: 1,
    epoch: 1,
    layers: [{ layerId, weightGradientNorm: norm, biasGradientNorm: 0, weightNorm: 1, updateRatio: 0.001 }],
  });

  it('are drawn for each layer up to the sample that is shown, the last hundred of them', () => {
    const samples = Array.from({ length: 150 }, (_, i) => sample(i + 1));
    const [history] = historiesAt(samples, 149);
    expect([history?.norms.length, history?.norms.at(-1), history?.verdict]).toEqual([100, 150, 'healthy']);
    expect(historiesAt(samples, 20)[0]?.norms.at(-1)).toBe(21);
    expect(historiesAt([sample(1), sample(2, 'other')], 1)[0]?.norms).toEqual([2]);
    expect(historiesAt([], -1)).toEqual([]);
  });

  it('share one scale of whole decades, on which a vanished gradient lies at the bottom', () => {
    const histories = [0.02, 3e-6, 0].map(norm => ({ norms: [norm] }));
    const decades = decadesOf(histories);
    expect(decades).toEqual({ low: -6, high: -1 });
    expect(heightOf(1e-6, decades)).toBe(0);
    expect(heightOf(0, decades)).toBe(0);
    expect(heightOf(0.1, decades)).toBe(1);
  });

  it('place an update ratio of a thousandth in the upper middle', () => {
    expect(ratioPosition(1e-3)).toBeCloseTo(4 / 7);
    expect(ratioPosition(0)).toBe(0);
    expect(ratioPosition(100)).toBe(1);
  });
});
