import { describe, expect, it } from 'vitest';
import { generatorInfo, generatorNames } from '../../../engine/model/dataFields.ts';
import { applyTextEdits, textEdits } from '../../../engine/model/edits.ts';
import { fitToGenerator } from '../../../engine/model/fitData.ts';
import { toggleFeature } from '../../../engine/model/fitFeatures.ts';
import { parseModel } from '../../../engine/model/parse.ts';
import { featureNames, type FeatureName } from '../../../engine/model/planeFeatures.ts';
import type { Model } from '../../../engine/model/schema.ts';
import { changed, modelText } from './modelText.ts';

const read = (text: string): Model => {
  const { draft } = parseModel(text);
  if (!draft) throw new Error('The model cannot be read.');
  return draft;
};

const toggle = (text: string, ...names: FeatureName[]): string =>
  names.reduce((before, name) => {
    const edit = toggleFeature(read(before), name);
    return edit ? applyTextEdits(before, textEdits(before, edit)) : before;
  }, text);

/** A network that begins with blocks, one of them within another. */
const blocks = changed(
  '{ "id": "hidden1", "type": "dense", "units": 8, "activation": "tanh" }',
  `{ "id": "r", "type": "residual", "layers": [
      { "id": "a", "type": "dense", "units": 2 },
      { "id": "s", "type": "residual", "layers": [{ "id": "b", "type": "dense", "units": 2 }] }
    ] },
    { "id": "t", "type": "residual", "layers": [{ "id": "c", "type": "dense", "units": 5 }, { "id": "d", "type": "dense", "units": 2 }] }`,
);

describe('a feature of the plane', () => {
  it('is added in the order of their table, whatever was added first', () => {
    expect(toggle(modelText, 'sin(x1)', 'x1*x2')).toBe(
      modelText.replace('"samples": 100', '"samples": 100, "features": ["x1", "x2", "x1*x2", "sin(x1)"]'),
    );
  });

  it('that is taken away again leaves the text as it was', () => {
    for (const name of featureNames) expect(toggle(modelText, name, name)).toBe(modelText);
  });

  it('stays when it is the last one', () => {
    const one = toggle(modelText, 'x1');
    expect(read(one).data.source).toMatchObject({ features: ['x2'] });
    expect(toggle(one, 'x2')).toBe(one);
  });

  it('changes the width of the blocks that take it in, those within them included, and of no other layer', () => {
    const wider = toggle(blocks, 'x1^2');
    expect(parseModel(wider).issues).toEqual([]);
    expect(wider.match(/"units": 3/g)).toHaveLength(3);
    expect(wider).toContain('{ "id": "c", "type": "dense", "units": 5 }');
    expect(toggle(wider, 'x1^2')).toBe(blocks);
  });

  it('does not mend what did not fit before', () => {
    const wrong = blocks.replace('"id": "d", "type": "dense", "units": 2', '"id": "d", "type": "dense", "units": 7');
    expect(toggle(wrong, 'x1^2')).toContain('"id": "d", "type": "dense", "units": 7');
  });

  it.each(generatorNames)('of %s is there to choose where there are two inputs, and leaves no error behind', name => {
    const text = applyTextEdits(modelText, textEdits(modelText, fitToGenerator(read(modelText), name)));
    const edits = featureNames.map(feature => toggleFeature(read(text), feature));
    expect(edits.every(edit => (edit !== undefined) === (generatorInfo[name].features === 2))).toBe(true);
    for (const feature of featureNames) expect(parseModel(toggle(text, feature)).issues).toEqual([]);
  });

  it('goes when the data have no plane any more, and stays for other data that have one', () => {
    const text = toggle(modelText, 'x1*x2');
    const take = (name: (typeof generatorNames)[number]) =>
      read(applyTextEdits(text, textEdits(text, fitToGenerator(read(text), name)))).data.source;
    expect(take('sine')).not.toHaveProperty('features');
    for (const name of ['spiral', 'plane'] as const) expect(take(name)).toHaveProperty('features');
  });
});

describe('features that cannot be', () => {
  const issuesOf = (name: string, features: unknown) =>
    parseModel(changed('"name": "moons"', `"name": "${name}", "features": ${JSON.stringify(features)}`)).issues;

  it.each([
    ['no list', 'x1', '"data.source.features" must be a list of features, not "x1".'],
    ['an empty list', [], '"data.source.features" must name at least one.'],
    ['one twice', ['x1', 'x1'], '"data.source.features" must not name one twice.'],
    [
      'another one',
      ['x1', 'x1^3'],
      '"data.source.features[1]" must be one of x1, x2, x1^2, x2^2, x1*x2, sin(x1), sin(x2), not "x1^3".',
    ],
  ])('are refused where they stand: %s', (_what, features, message) => {
    expect(issuesOf('moons', features)).toMatchObject([{ severity: 'error', message, line: 4 }]);
  });

  it('are mended by the nearest one that is not there yet', () => {
    const [issue] = issuesOf('moons', ['x1', 'x3']);
    expect(issue?.fix).toEqual({
      title: 'Set features[1] to x2',
      path: ['data', 'source', 'features', 1],
      value: 'x2',
    });
    expect(issuesOf('moons', ['x1', 'x2', 'x3'])[0]?.fix?.value).not.toBe('x1');
  });

  it('of data without a plane are one error, with a remedy that takes them away', () => {
    const issues = parseModel(
      modelText
        .replace('"moons"', '"sine", "features": ["x1", "x1^2", "x2"]')
        .replace('"sigmoid"', '"identity"')
        .replace('"binaryCrossEntropy"', '"meanSquaredError"'),
    ).issues;
    expect(issues).toMatchObject([
      {
        code: 'data',
        path: ['data', 'source', 'features'],
        remedies: [{ edits: [{ kind: 'removeValue', path: ['data', 'source', 'features'] }] }],
      },
    ]);
    expect(issues[0]?.message).toContain('Remove "features"');
  });
});
