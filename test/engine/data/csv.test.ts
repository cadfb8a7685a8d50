import { describe, expect, it } from 'vitest';
import { parseCsv } from '../../../engine/data/csv.ts';
import { encodeTable } from '../../../engine/data/encode.ts';

const table = (text: string, header = true) => parseCsv('t.csv', text, { header });
const encode = (text: string, target = 'y') => encodeTable(table(text), [target], undefined, 'oneHot');

describe('a CSV file', () => {
  it('finds its delimiter by looking', () => {
    expect(table('a;b\n1,5;2\n3,5;4').columns).toEqual(['a', 'b']);
  });

  it('passes over blank lines and still counts them', () => {
    expect(() => encode('x,y\n1,a\n\n2,b\n,a\n3,b\n4,a\n')).toThrow(
      expect.objectContaining({ place: { file: 't.csv', line: 5, column: 1 } }),
    );
  });

  it('counts the lines inside quoted cells', () => {
    expect(table('a,b\n"x\ny",1\nz,2').lineOf(1)).toBe(4);
  });

  it('names the line of a row that is too short', () => {
    expect(() => table('a,b\n1,2\n3')).toThrow(
      expect.objectContaining({ code: 'invalid-data', place: { file: 't.csv', line: 3, column: 1 } }),
    );
  });

  it.each([
    ['', 'empty'],
    ['a,b\n', 'no rows'],
    ['a,a\n1,2', 'Two columns'],
    ['a,b\n"1,2', 'quote'],
  ])('refuses %j', (text, message) => {
    expect(() => table(text)).toThrow(message);
  });

  it('names its columns c1, c2 when it has no header', () => {
    expect(table('1,2\n3,4', false)).toMatchObject({
      columns: ['c1', 'c2'],
      rows: [
        ['1', '2'],
        ['3', '4'],
      ],
    });
  });
});

describe('encoding a table', () => {
  it('makes a category column one-hot, in the order of code points', () => {
    const { featureNames, features } = encode('colour,y\nred,0\nblue,1\nred,1');
    expect(featureNames).toEqual(['colour=blue', 'colour=red']);
    expect([...features.values]).toEqual([0, 1, 1, 0, 0, 1]);
  });

  it('orders classes by value when all are numbers', () => {
    expect(encode('x,y\n1,10\n2,9\n3,2').classes).toEqual(['2', '9', '10']);
  });

  it.each(['NaN', 'Infinity', '0x10', '1e999', '', '=1+1'])('never reads the cell %j as a number', cell => {
    expect(() => encode(`x,y\n1,a\n2,b\n3,a\n${cell},b`)).toThrow(
      expect.objectContaining({ code: 'invalid-data', place: { file: 't.csv', line: 5, column: 1 } }),
    );
  });

  it('keeps full float64 precision', () => {
    expect(encode('x,y\n0.1234567890123456,a\n2,b').features.values[0]).toBe(0.1234567890123456);
  });

  it('names the columns there are when one is missing', () => {
    expect(() => encode('x,y\n1,a\n2,b', 'label')).toThrow('The columns are x, y');
  });
});
