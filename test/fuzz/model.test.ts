import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseModel } from '../../engine/model/parse.ts';
import { modelText } from '../engine/model/modelText.ts';
import { damage, fuzz } from './fuzzing.ts';

const examples = path.resolve(import.meta.dirname, '../../examples');
const texts = readdirSync(examples)
  .filter(name => name.endsWith('.mlp.json'))
  .map(name => readFileSync(path.join(examples, name), 'utf8'));

/** A model, or issues that lie within the text and say what to do; never an exception. */
function expectAnswer(text: string): void {
  const { model, issues } = parseModel(text);
  expect(model !== undefined).toBe(!issues.some(({ severity }) => severity === 'error'));
  const lines = text.split('\n').length;
  for (const { line, column, offset, length, message } of issues) {
    expect(line).toBeGreaterThanOrEqual(1);
    expect(line).toBeLessThanOrEqual(lines);
    expect(column).toBeGreaterThanOrEqual(1);
    expect(offset).toBeGreaterThanOrEqual(0);
    expect(offset + length).toBeLessThanOrEqual(text.length);
    expect(message).toMatch(/[.?]$/);
  }
}

describe('any model text', () => {
  it('is a model or issues with a place, whatever happened to its bytes', () => {
    fc.assert(
      fc.property(fc.constantFrom(...texts), damage, (text, spoil) =>
        expectAnswer(new TextDecoder().decode(spoil(new TextEncoder().encode(text)))),
      ),
      fuzz,
    );
  });

  it('is a model or issues with a place, whatever its values are', () => {
    const strange = fc.oneof(
      fc.jsonValue({ maxDepth: 3 }),
      fc.double().map(x => (Number.isFinite(x) ? x : 1e308)),
      fc.constantFrom(-1, 0, 1e9, 1e300, '', '__proto__', 'constructor', null, [], {}),
    );
    const keys = ['version', 'name', 'seed', 'data', 'layers', 'loss', 'optimizer', 'training', 'backend', '__proto__'];
    fc.assert(
      fc.property(fc.constantFrom(...texts), fc.dictionary(fc.constantFrom(...keys), strange), (text, changes) =>
        expectAnswer(JSON.stringify({ ...(JSON.parse(text) as object), ...changes })),
      ),
      fuzz,
    );
  });

  it('is a model or issues with a place, whatever single value is another', () => {
    const strange = fc.oneof(
      fc.double().map(x => (Number.isFinite(x) ? JSON.stringify(x) : '1e999')),
      fc.constantFrom('null', '"x"', '[]', '{}', '-1', '1e9', 'true', '"__proto__"', '01', 'NaN', '1e400', '"\\ud800"'),
    );
    fc.assert(
      fc.property(fc.constantFrom(...texts), fc.nat(), strange, (text, which, value) => {
        const values = [...text.matchAll(/(?<=: |\[)("[^"]*"|-?[\d.e-]+|true|false)/g)];
        const chosen = values[which % values.length];
        if (!chosen) return;
        expectAnswer(text.slice(0, chosen.index) + value + text.slice(chosen.index + chosen[0].length));
      }),
      fuzz,
    );
  });

  it('keeps every number that it accepts as it was written', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-300, max: 1e6, noNaN: true }),
        fc.integer({ min: 0, max: 4_294_967_295 }),
        fc.integer({ min: 1, max: 1_000_000 }),
        (learningRate, seed, epochs) => {
          const written = JSON.parse(modelText) as { optimizer: object; training: object };
          const text = JSON.stringify({
            ...written,
            seed,
            optimizer: { ...written.optimizer, learningRate },
            training: { ...written.training, epochs },
          });
          const { model } = parseModel(text);
          if (model)
            expect([model.optimizer.learningRate, model.seed, model.training.epochs]).toEqual([
              learningRate,
              seed,
              epochs,
            ]);
        },
      ),
      fuzz,
    );
  });
});
