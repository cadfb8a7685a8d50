import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyTextEdits, textEdits, type ModelEdit } from '../../../engine/model/edits.ts';
import type { Issue } from '../../../engine/model/issues.ts';
import { parseModel } from '../../../engine/model/parse.ts';
import { changed, modelText } from './modelText.ts';

/** Code and place of each issue, as `code line:column`. */
const places = (text: string) => parseModel(text).issues.map(({ code, line, column }) => `${code} ${line}:${column}`);

/** The only issue of a text. */
function onlyIssue(text: string): Issue {
  const { issues } = parseModel(text);
  expect(issues).toHaveLength(1);
  return issues[0]!;
}

describe('a model file', () => {
  it('is read with its defaults filled in', () => {
    const { model, issues } = parseModel(modelText);
    expect(issues).toEqual([]);
    expect(model).toMatchObject({
      seed: 42,
      data: { normalization: 'standard', split: { validation: 0.2, test: 0, stratify: false } },
      layers: [{ initializer: 'glorotUniform', bias: true }, {}],
      optimizer: { type: 'adam', form: 'article', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
      training: { sampling: 'shuffle', dropLast: false },
      backend: 'auto',
    });
  });

  it('takes the defaults of the form that its optimizer names', () => {
    const { model } = parseModel(changed('"type": "adam"', '"type": "adam", "form": "keras"'));
    expect(model?.optimizer).toMatchObject({ epsilon: 1e-7 });
  });

  it('is the same with a byte-order mark, with CRLF, with comments and with trailing commas', () => {
    const { model } = parseModel(modelText);
    expect(parseModel(`\uFEFF${modelText}`)).toEqual(parseModel(modelText));
    expect(parseModel(modelText.replaceAll('\n', '\r\n')).model).toEqual(model);
    const loose = changed('"batchSize": 16 }', '"batchSize": 16, } // rows');
    expect(parseModel(loose).model).toEqual(model);
    expect(places(loose)).toEqual(['trailing-comma 11:46', 'comment 11:50']);
  });

  it('places issues in CRLF files as in others', () => {
    const text = changed('"units": 8', '"units": 0');
    expect(places(text.replaceAll('\n', '\r\n'))).toEqual(places(text));
  });
});

describe('what is wrong', () => {
  it.each([
    ['an empty file', '', 'syntax 1:1'],
    ['a missing comma', changed('"version": 1,', '"version": 1'), 'syntax 3:3'],
    ['a doubled key', changed('"name": "Moons",', '"name": "Moons", "name": "M",'), 'duplicate-key 3:20'],
    ['a wrong version', changed('"version": 1', '"version": 2'), 'invalid-value 2:14'],
    ['a number too large for JSON', changed('0.01', '1e999'), 'invalid-value 10:50'],
    ['a text for a number', changed('0.01', '"NaN"'), 'invalid-value 10:50'],
    ['no epochs', changed('"epochs": 10', '"epochs": -1'), 'invalid-value 11:27'],
    ['half a unit', changed('"units": 8', '"units": 0.5'), 'invalid-value 6:50'],
    ['a billion units', changed('"units": 8', '"units": 1000000000'), 'invalid-value 6:50'],
    ['an unknown activation', changed('"tanh"', '"tan"'), 'invalid-value 6:67'],
    ['an unknown layer', changed('"type": "dense"', '"type": "sparse"'), 'invalid-value 6:32'],
    ['no layers', modelText.replace(/"layers": \[[^]*?\],/, '"layers": [],'), 'invalid-value 5:13'],
    ['two layers of one name', changed('"id": "output"', '"id": "hidden1"'), 'duplicate-layer 7:13'],
    ['softmax in the middle', changed('"tanh"', '"softmax"'), 'softmax-position 6:67'],
    ['a hidden step', changed('"tanh"', '"step"'), 'step-backpropagation 6:67'],
    ['two outputs for one', changed('"units": 1,', '"units": 2,'), 'shape-mismatch 7:49'],
    ['a loss that wants softmax', changed('"binaryCrossEntropy"', '"crossEntropy"'), 'shape-mismatch 7:49'],
    ['an empty name', changed('"Moons"', '""'), 'invalid-value 3:11'],
    ['a number for the file', '5', 'invalid-value 1:1'],
  ])('%s is found where it stands', (_, text, place) => {
    expect(places(text)).toContain(place);
    expect(parseModel(text).model).toBeUndefined();
  });

  it('is one sentence that says what to do', () => {
    expect(onlyIssue(changed('"epochs": 10', '"epochs": -1')).message).toBe(
      '"training.epochs" must be a whole number from 1 to 1000000, not -1.',
    );
    expect(onlyIssue(changed('"units": 1,', '"units": 2,')).message).toMatch(/gives 2 outputs.*Set its units to 1\./);
  });

  it('is a missing field where it should be', () => {
    const issue = onlyIssue(changed('"loss": "binaryCrossEntropy",', ''));
    expect(issue).toMatchObject({ code: 'invalid-value', path: ['loss'], line: 1 });
    expect(issue.message).toMatch(/^"loss" is missing/);
  });

  it('is only a warning for an unknown key, with the key that was meant', () => {
    const { model, issues } = parseModel(changed('"learningRate"', '"learnigRate"'));
    expect(model?.optimizer.learningRate).toBe(0.001);
    expect(issues).toMatchObject([{ code: 'unknown-key', severity: 'warning', line: 10 }]);
    expect(issues[0]?.message).toContain('Did you mean "learningRate"?');
  });

  it('still lets a model be drawn whose shapes do not fit', () => {
    const { model, draft } = parseModel(changed('"units": 1,', '"units": 2,'));
    expect(model).toBeUndefined();
    expect(draft?.layers).toHaveLength(2);
  });

  it('has a fix that mends it', () => {
    const text = changed('"units": 1,', '"units": 2,');
    expect(onlyIssue(text).fix).toEqual({ title: 'Set units to 1', path: ['layers', 1, 'units'], value: 1 });
  });

  it.each([
    ['too small', '"units": 8', '"units": 0', 'Set units to 1'],
    ['too large', '"units": 8', '"units": 70000', 'Set units to 65536'],
    ['misspelt', '"activation": "tanh"', '"activation": "thanh"', 'Set activation to tanh'],
    [
      'in want of an output',
      '"activation": "sigmoid" }',
      '"activation": "sigmoid" }, { "id": "n", "type": "layerNorm" }',
      'Put a dense layer after it',
    ],
    [
      'without rows',
      '"samples": 100 } }',
      '"samples": 100 }, "split": { "validation": 0.6, "test": 0.5 } }',
      'Set test to 0',
    ],
  ])('%s is mended by its fix', (_, from, to, title) => {
    const text = changed(from, to);
    const { fix } = onlyIssue(text);
    expect(fix?.title).toBe(title);
    const edit: ModelEdit = { kind: 'setValue', path: [...(fix?.path ?? [])], value: fix?.value ?? '' };
    expect(parseModel(applyTextEdits(text, textEdits(text, edit))).issues).toEqual([]);
  });
});

describe('a hostile file', () => {
  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('cannot use the key %s', key => {
    const { model, issues } = parseModel(changed('"name": "Moons"', `"${key}": { "polluted": true }`));
    expect(issues.map(({ code }) => code)).toEqual(['unknown-key']);
    expect(model?.name).toBe('Model');
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it('is refused when it is nested too deep or too long, before anything recursive runs', () => {
    expect(parseModel('['.repeat(100_000)).issues.map(({ code }) => code)).toEqual(['too-deep']);
    expect(parseModel(' '.repeat(16 * 1024 * 1024 + 1)).issues.map(({ code }) => code)).toEqual(['too-large']);
  });

  it('never makes the parser fail, whatever it holds', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.string().map(text => changed('0.01', text)),
        ),
        text => {
          const { model, issues } = parseModel(text);
          expect(model !== undefined || issues.some(({ severity }) => severity === 'error')).toBe(true);
          for (const { line, column, message } of issues) {
            expect(line).toBeGreaterThanOrEqual(1);
            expect(column).toBeGreaterThanOrEqual(1);
            expect(message).toMatch(/\.|\?$/);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('never makes the parser fail, whatever value stands anywhere', () => {
    const paths = [
      ['loss'],
      ['layers'],
      ['layers', 0],
      ['layers', 0, 'units'],
      ['data', 'source'],
      ['optimizer'],
      ['training', 'sampling'],
    ];
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.jsonValue(), (path, value) => {
        const model = JSON.parse(modelText) as unknown;
        let holder = model as Record<string | number, unknown>;
        for (const part of path.slice(0, -1)) holder = holder[part] as Record<string | number, unknown>;
        holder[path.at(-1) ?? ''] = value;
        const parsed = parseModel(JSON.stringify(model));
        expect(parsed.model !== undefined || parsed.issues.length > 0).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
