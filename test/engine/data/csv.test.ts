import { describe, expect, it } from 'vitest';
import { cells, encodeText, readTable } from './tables.ts';

const located = (line: number, column: number): unknown =>
  expect.objectContaining({ code: 'invalid-data', place: { file: 't.csv', line, column } });

describe('a CSV file', () => {
  it.each([
    ['a;b\n1,5;2\n3,5;4', [';', '1,5']],
    ['a\tb\n1\t2', ['\t', '1']],
    ['a|b\n1|2', ['|', '1']],
    ['a,b\n"1;2;3",2\n"4;5;6",1', [',', '1;2;3']],
  ])('finds its delimiter by looking: %j', (text, [, first]) => {
    const table = readTable(text);
    expect(table.columns).toEqual(['a', 'b']);
    expect(cells(table)[0]?.[0]).toBe(first);
  });

  it('is read with the delimiter that is named', () => {
    expect(readTable('a;b,c\n1;2,3', { delimiter: ';' }).columns).toEqual(['a', 'b,c']);
  });

  it('passes over blank lines and still counts them', () => {
    expect(() => encodeText('x,y\n1,a\n\n2,b\n,a\n3,b\n4,a\n')).toThrow(located(5, 1));
  });

  it('counts the lines inside quoted cells', () => {
    const table = readTable('a,b\n"x\ny\r\nz",1\r\nz,2\rw,3');
    expect([0, 1, 2].map(row => table.lineOf(row))).toEqual([2, 5, 6]);
  });

  it('knows the line of every row, whatever stands between', () => {
    const rows = Array.from({ length: 500 }, (_, i) => `${String(i)},1${'\n'.repeat(1 + (i % 3 === 2 ? i % 5 : 0))}`);
    const text = `a,b\n${rows.join('')}`;
    const table = readTable(text);
    const lines = text.split('\n');
    for (let row = 0; row < 500; row++) expect(lines[table.lineOf(row) - 1]).toBe(`${String(row)},1`);
  });

  it('takes two quotes within quotes for one, and line breaks and delimiters as they are', () => {
    expect(cells(readTable('a,b\n"say ""x, y""\n!",1'))).toEqual([['say "x, y"\n!', '1']]);
  });

  it('gives the same cells in pieces of any size', () => {
    const text = '\uFEFFname, größe \r\n"Ä ""b""\r\n", 1.5\r\n日本\u00a0, 2\r\n\r\n"x"  ,3';
    const whole = readTable(text);
    expect(whole.columns).toEqual(['name', 'größe']);
    expect(cells(whole)).toEqual([
      ['Ä "b"', '1.5'],
      ['日本', '2'],
      ['x', '3'],
    ]);
    for (const piece of [1, 2, 3, 5, 7, 11]) {
      const table = readTable(text, { piece });
      expect(cells(table)).toEqual(cells(whole));
      expect([0, 1, 2].map(row => table.lineOf(row))).toEqual([2, 4, 6]);
    }
  });

  it('names the line of a row that is too short', () => {
    expect(() => readTable('a,b\n1,2\n3')).toThrow(located(3, 1));
  });

  it.each([
    ['', 'empty'],
    ['\uFEFF\n \n', 'empty'],
    ['a,b\n', 'no rows'],
    ['a,a\n1,2', 'Two columns'],
    ['a,b\n"1,2', 'quote'],
    ['a,b\n"1"x,2', 'quote'],
    ['a,b\n1,2,3', '3 cells'],
    [`a${',b'.repeat(100_000)}\n1`, '100000 cells'],
  ])('refuses %j', (text, message) => {
    expect(() => readTable(text)).toThrow(message);
  });

  it('says on which line it is not UTF-8', () => {
    const bytes = new TextEncoder().encode('a,b\nä,1\nx,2\n');
    bytes[9] = 0xff;
    expect(() => readTable(bytes)).toThrow(located(3, 1));
    expect(() => readTable(new Uint8Array([0xff, 0xfe, 0x61, 0x00]))).toThrow('not UTF-8');
  });

  it('gives up on a row that does not end within 16 MB', () => {
    const piece = new TextEncoder().encode('x'.repeat(1 << 20));
    const pieces = [...Array.from({ length: 20 }, () => piece)];
    expect(() => readTable(Buffer.concat([Buffer.from('a,b\n"'), ...pieces]), { piece: 1 << 20 })).toThrow(
      located(2, 1),
    );
  });

  it('names its columns c1, c2 when it has no header', () => {
    const table = readTable('1,2\n3,4', { header: false });
    expect(table.columns).toEqual(['c1', 'c2']);
    expect(cells(table)).toEqual([
      ['1', '2'],
      ['3', '4'],
    ]);
  });
});
