import { describe, expect, it } from 'vitest';
import { encodeText } from './tables.ts';

const located = (line: number, column: number): unknown =>
  expect.objectContaining({ code: 'invalid-data', place: { file: 't.csv', line, column } });

describe('encoding a table', () => {
  it('makes a category column one-hot, in the order of code points', () => {
    const { featureNames, features } = encodeText('colour,y\nred,0\nblue,1\nred,1');
    expect(featureNames).toEqual(['colour=blue', 'colour=red']);
    expect([...features.values]).toEqual([0, 1, 1, 0, 0, 1]);
  });

  it('orders classes by value when all are numbers, else by code point', () => {
    expect(encodeText('x,y\n1,10\n2,9\n3,2').classes).toEqual(['2', '9', '10']);
    expect(encodeText('x,y\n1,10\n2,9\n3,b\n4,\u{1F600}\n5,\uFF5E').classes).toEqual([
      '10',
      '9',
      'b',
      '\uFF5E',
      '\u{1F600}',
    ]);
  });

  it.each(['NaN', 'Infinity', '0x10', '1e999', '', '=1+1', '1_000', '1 000', '١'])(
    'never reads the cell %j as a number',
    cell => {
      expect(() => encodeText(`x,y\n1,a\n2,b\n3,a\n${cell},b`)).toThrow(located(5, 1));
    },
  );

  it('keeps full float64 precision', () => {
    expect(encodeText('x,y\n0.1234567890123456,a\n2,b').features.values[0]).toBe(0.1234567890123456);
  });

  it('names the columns there are when one is missing', () => {
    expect(() => encodeText('x,y\n1,a\n2,b', { targets: ['label'] })).toThrow('The columns are x, y');
  });

  it('keeps several targets in the order in which they are named', () => {
    const { targets, targetNames, features } = encodeText('a,b,c\n1,2,3\n4,5,6', {
      targets: ['c', 'a'],
      encoding: 'numbers',
    });
    expect(targetNames).toEqual(['c', 'a']);
    expect([...targets.values]).toEqual([3, 1, 6, 4]);
    expect([...features.values]).toEqual([2, 5]);
  });

  it('takes several targets of a classification as yes-or-no answers', () => {
    const options = { targets: ['a', 'b'], encoding: 'binary' } as const;
    expect([...encodeText('x,a,b\n1,0,1\n2,1,1', options).targets.values]).toEqual([0, 1, 1, 1]);
    expect(() => encodeText('x,a,b\n1,0,1\n2,1,2', options)).toThrow(located(3, 3));
  });

  it('refuses a column that is feature and target at once', () => {
    expect(() => encodeText('x,y\n1,a', { features: ['x', 'y'] })).toThrow('both a feature and a target');
  });

  it('refuses a target with a single class, and a third class for a single output', () => {
    expect(() => encodeText('x,y\n1,a\n2,a')).toThrow('only one class');
    expect(() => encodeText('x,y\n1,a\n2,b\n3,c', { encoding: 'binary' })).toThrow('3 classes');
  });

  it('takes at most 1000 categories', () => {
    const text = (count: number) =>
      `t,y\n${Array.from({ length: count }, (_, i) => `t${String(i)},${String(i % 2)}`).join('\n')}`;
    expect(encodeText(text(1000)).features.columns).toBe(1000);
    expect(() => encodeText(text(1001))).toThrow('more than 1000 different texts');
  });

  it('takes any number of different numbers', () => {
    const rows = Array.from({ length: 5000 }, (_, i) => `${String(i / 7)},${String(i % 2)}`);
    const { features } = encodeText(`x,y\n${rows.join('\n')}`);
    expect([...features.values]).toEqual(Array.from({ length: 5000 }, (_, i) => i / 7));
  });
});
