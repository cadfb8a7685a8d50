import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { surfaceOfFormula } from '../../../engine/landscape/surface.ts';
import { formulaFunctions, readFormula, type Expression } from '../../../engine/model/formula.ts';

const [x, y] = [0.7, -1.3];

describe('a formula', () => {
  it.each([
    ['x^2 - y^2', x ** 2 - y ** 2],
    ['-x^2', -(x ** 2)],
    ['2^3^2', 512],
    ['2^-1', 0.5],
    ['1 - 2 - 3', -4],
    ['12 / 3 / 2', 2],
    ['2x y + 3(x - 1)', 2 * x * y + 3 * (x - 1)],
    ['2x^2', 2 * x ** 2],
    ['x² − 2·y³ × 4 ÷ 8', x ** 2 - y ** 3],
    ['x**2', x ** 2],
    ['sin(x)cos(y) + pi*e', Math.sin(x) * Math.cos(y) + Math.PI * Math.E],
    ['1.5e2 + .5', 150.5],
    ['exp(-(x^2+y^2)) + ln(2) + log(2)', Math.exp(-(x ** 2 + y ** 2)) + 2 * Math.log(2)],
    ['+-+x', -x],
  ])('%s means what mathematics says', (text, expected) => {
    expect(surfaceOfFormula(text).value(x, y)).toBeCloseTo(expected, 12);
  });

  it.each(['x^3 y^2', 'x/y', 'x^y', 'y^x + 2^x', ...formulaFunctions.map(name => `${name}(x^2 + 0.3y^2 + 0.1)`)])(
    '%s has the derivative that central differences find',
    text => {
      const { value, gradient } = surfaceOfFormula(text);
      const [a, b] = [0.7, 1.3];
      const h = 1e-6;
      const [byX, byY] = gradient(a, b);
      expect(byX).toBeCloseTo((value(a + h, b) - value(a - h, b)) / (2 * h), 6);
      expect(byY).toBeCloseTo((value(a, b + h) - value(a, b - h)) / (2 * h), 6);
    },
  );

  it.each([
    ['', 0, 'Type a formula'],
    ['x +', 3, 'expected here, not the end'],
    ['x^2 - 3 sin(y', 11, 'never closed'],
    ['x)', 1, 'never opened'],
    ['x 2', 2, 'operator is missing before “2”'],
    ['xy', 0, 'For a product write x*y'],
    ['sine(x)', 0, '“sine” is unknown'],
    ['sin x', 4, 'needs its argument in brackets'],
    ['x = 2', 2, '“=” has no meaning'],
    ['sin(x, y)', 5, '“)” or an operator'],
    ['1e999', 0, 'too large'],
    ['* x', 0, 'expected here, not “*”'],
    ['('.repeat(100), 64, 'nested more than 64 deep'],
    ['x+'.repeat(600), 1000, 'at most 1000 characters'],
  ])('%j is refused at character %i', (text, offset, message) => {
    const { issue } = readFormula(text);
    expect(issue?.offset).toBe(offset);
    expect(issue?.message).toContain(message);
  });

  it.each([
    'constructor',
    '__proto__',
    'x.constructor',
    'process.exit(1)',
    'globalThis',
    'sin.constructor("return 1")()',
    'toString(x)',
    '${x}',
    'x;y',
    '`x`',
    'hasOwnProperty(x)',
  ])('%s is no formula, and does nothing', text => {
    expect(readFormula(text).issue).toBeDefined();
    expect(() => surfaceOfFormula(text)).toThrow(expect.objectContaining({ code: 'wrong-usage' }));
  });

  it('is read or refused within its text, whatever the text', () => {
    const piece = fc.constantFrom(
      'x',
      'y',
      '2',
      '.5',
      '+',
      '-',
      '*',
      '/',
      '^',
      '(',
      ')',
      'sin',
      'exp(',
      ' ',
      '²',
      '__proto__',
      '"',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.array(piece, { maxLength: 40 }).map(parts => parts.join('')),
    );
    fc.assert(
      fc.property(text, typed => {
        const { expression, issue } = readFormula(typed);
        expect(expression === undefined).toBe(issue !== undefined);
        if (issue) expect(issue.offset >= 0 && issue.offset <= typed.length).toBe(true);
        else expect(typeof surfaceOfFormula(typed).value(1, 2)).toBe('number');
      }),
      { numRuns: 1000 },
    );
  });

  it('that is written in full is read as the same tree', () => {
    const leaf = fc.oneof(
      fc.constantFrom<Expression>({ kind: 'variable', name: 'x' }, { kind: 'variable', name: 'y' }),
      fc
        .double({ min: 0, max: 1e6, noNaN: true })
        .map((value): Expression => ({ kind: 'number', value: Math.abs(value) })),
    );
    const { tree } = fc.letrec<{ tree: Expression }>(tie => ({
      tree: fc.oneof(
        { maxDepth: 5 },
        leaf,
        fc
          .tuple(
            fc.constantFrom('+' as const, '-' as const, '*' as const, '/' as const, '^' as const),
            tie('tree'),
            tie('tree'),
          )
          .map(([operator, left, right]): Expression => ({ kind: 'binary', operator, left, right })),
        fc
          .tuple(fc.constantFrom(...formulaFunctions), tie('tree'))
          .map(([called, of]): Expression => ({ kind: 'call', name: called, of })),
      ),
    }));
    fc.assert(
      fc.property(tree, expression => {
        const text = written(expression);
        fc.pre(text.length <= 1000);
        expect(readFormula(text).expression).toEqual(expression);
      }),
    );
  });
});

function written(expression: Expression): string {
  switch (expression.kind) {
    case 'number':
      return String(expression.value);
    case 'variable':
      return expression.name;
    case 'binary':
      return `(${written(expression.left)} ${expression.operator} ${written(expression.right)})`;
    case 'call':
      return `${expression.name}(${written(expression.of)})`;
  }
}
