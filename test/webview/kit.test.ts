import { describe, expect, it } from 'vitest';
import { activations } from '../../engine/model/layerFields.ts';
import { optimizerFields } from '../../engine/model/optimizerFields.ts';
import { activationAt, curveOf, shownSpan, valueRange } from '../../webview/kit/activationCurve.ts';
import { fromSlider, toSlider } from '../../webview/kit/logScale.ts';
import { bytesText, countText, figureText, percentText } from '../../webview/kit/numberText.ts';
import { isWithin } from '../../webview/kit/numberRange.ts';

describe('a number in words', () => {
  it.each([
    [0, '0'],
    [0.03134, '0.0313'],
    [12.4, '12.4'],
    [-2.5, '−2.5'],
    [7.1e-5, '7.1·10⁻⁵'],
    [-1.23e12, '−1.2·10¹²'],
    [99999, '100000'],
  ])('%d is %s', (value, text) => {
    expect(figureText(value)).toBe(text);
  });

  it('groups counts, and says shares and bytes', () => {
    expect([countText(12810), percentText(0.9666), bytesText(708), bytesText(51_240), bytesText(5_300_000)]).toEqual([
      '12,810',
      '96.7%',
      '708 B',
      '50 KB',
      '5.1 MB',
    ]);
  });
});

describe('a slider over decades', () => {
  it('gives each decade the same way', () => {
    expect(toSlider(1e-5, 1e-5, 1)).toBe(0);
    expect(toSlider(1e-4, 1e-5, 1)).toBeCloseTo(0.2);
    expect(toSlider(50, 1e-5, 1)).toBe(1);
  });

  it('gives values that a person would type', () => {
    expect(fromSlider(0.4, 1e-5, 1)).toBe(0.001);
    expect(fromSlider(0.411, 1e-5, 1)).toBe(0.0011);
  });
});

describe('a number field', () => {
  const { learningRate } = optimizerFields.sgd;
  it.each([
    ['0.01', true],
    ['1e-3', true],
    ['0', false],
    ['-1', false],
    ['', false],
    ['ten', false],
    ['Infinity', false],
    ['NaN', false],
    ['1001', false],
  ])('takes "%s" for a learning rate: %s', (text, taken) => {
    expect(isWithin(learningRate, text)).toBe(taken);
  });
});

describe('the curve of an activation', () => {
  it.each(activations)('%s stays in its box', activation => {
    const { low, high } = valueRange(activation);
    for (let a = -shownSpan; a <= shownSpan; a += 0.5) {
      expect(activationAt(activation, a).value).toBeGreaterThanOrEqual(low);
      expect(activationAt(activation, a).value).toBeLessThanOrEqual(high);
    }
    expect(curveOf(activation, 18, 14)).toMatch(/^M0\.0 [\d.]+(L[\d.]+ [\d.]+){64}$/);
  });
});
