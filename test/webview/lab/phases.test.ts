import { describe, expect, it } from 'vitest';
import { surfaces } from '../../../engine/landscape/surfaces.ts';
import { walkTrack } from '../../../engine/landscape/walk.ts';
import { optimizerForms } from '../../../engine/model/fields.ts';
import { optimizerTypes } from '../../../engine/model/optimizerFields.ts';
import type { OptimizerSettings } from '../../../engine/model/schema.ts';
import { phasesOf, stepRecord } from '../../../webview/lab/phases.ts';
import { settingsOf } from '../../../webview/lab/racer.ts';

const cases: (readonly [string, OptimizerSettings])[] = optimizerForms.flatMap(form => [
  ...optimizerTypes.map(type => [`${type} ${form}`, settingsOf(type, { learningRate: 0.02 }, form)] as const),
  [`nesterov ${form}`, settingsOf('momentum', { learningRate: 0.004, nesterov: true }, form)] as const,
]);

describe('the phases of a step', () => {
  it.each(cases)('of %s compute what the update rule itself computes', (_, settings) => {
    const track = walkTrack(
      { surface: surfaces.himmelblau, optimizer: { ...settings, learningRate: 0.004 }, start: [0.1, -3.4] },
      60,
    );
    for (let at = 0; at < 60; at++) {
      const record = stepRecord({ ...settings, learningRate: 0.004 }, track, at);
      const phases = phasesOf(record);
      const step = phases.at(-1);
      for (const i of [0, 1] as const) {
        expect(step?.result[i]).toBeCloseTo(track.positions[2 * (at + 1) + i] ?? NaN, 12);
        const slots = [
          [record.derived[i].moment, track.slots['firstMoment'] ?? track.slots['velocity']],
          [record.derived[i].squares, track.slots['secondMoment'] ?? track.slots['accumulator']],
        ] as const;
        for (const [value, slot] of slots) {
          expect(value === undefined).toBe(slot === undefined);
          const kept = slot?.[2 * (at + 1) + i] ?? 0;
          expect(Math.abs((value ?? 0) - kept)).toBeLessThan(1e-12 * (1 + Math.abs(kept)));
        }
      }
    }
  });

  it.each([
    ['sgd', ['Gradient', 'Step']],
    ['momentum', ['Gradient', 'Moment', 'Step']],
    ['rmsprop', ['Gradient', 'Accumulated squares', 'Step']],
    ['adam', ['Gradient', 'Accumulated squares', 'Moment', 'Correction', 'Step']],
  ] as const)('of %s are %o', (type, titles) => {
    const settings = settingsOf(type);
    const track = walkTrack({ surface: surfaces.beale, optimizer: settings, start: [3, 1] }, 1);
    expect(phasesOf(stepRecord(settings, track, 0)).map(({ title }) => title)).toEqual(titles);
  });

  it('show the settings and the form in the formula', () => {
    const formula = (settings: OptimizerSettings) => {
      const track = walkTrack({ surface: surfaces.beale, optimizer: settings, start: [3, 1] }, 1);
      return phasesOf(stepRecord(settings, track, 0)).at(-1)?.formula;
    };
    expect(formula(settingsOf('adam', { learningRate: 0.2 }))).toBe('w ← w − 0.2 m̂ / √(v̂ + ε)');
    expect(formula(settingsOf('adam', { learningRate: 0.2 }, 'pytorch'))).toBe('w ← w − 0.2 m̂ / (√v̂ + ε)');
    expect(formula(settingsOf('momentum', { nesterov: true }))).toBe('w ← w + 0.9 m − 0.01 g');
  });
});
