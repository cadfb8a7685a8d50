import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { decimal } from '../../engine/data/decimal.ts';
import { cells, encodeText, readTable } from '../engine/data/tables.ts';
import { accepted, damage, fuzz } from './fuzzing.ts';

const cell = fc.oneof(
  fc.string({ maxLength: 6 }),
  fc.string({ unit: 'binary', maxLength: 4 }).filter(text => text.isWellFormed()),
  fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', ' ', 'ä', '\u00a0', 'x', '1', ';'), maxLength: 6 }),
  fc.double().map(String),
);
const grid = fc
  .integer({ min: 1, max: 5 })
  .chain(width => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 6 }));

const trimmed = (rows: readonly (readonly string[])[]) => rows.map(row => row.map(text => text.trim()));
const notBlank = (row: readonly string[]) => row.some(text => text.trim() !== '');
const isDecimal = (text: string) =>
  /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) && Number.isFinite(Number(text));

describe('any table', () => {
  it('reads back as it was written, in pieces of any size', () => {
    fc.assert(
      fc.property(
        grid,
        fc.constantFrom(',', ';', '\t', '|'),
        fc.integer({ min: 1, max: 40 }),
        (rows, delimiter, piece) => {
          const kept = rows.filter(notBlank);
          fc.pre(kept.length > 0);
          const text = Papa.unparse(rows, { delimiter, newline: '\n', quotes: true });
          const table = readTable(text, { delimiter, header: false, piece });
          expect(cells(table)).toEqual(trimmed(kept));
          kept.forEach((row, r) =>
            row.forEach((written, c) =>
              expect(table.column(c).numberAt(r)).toBe(isDecimal(written.trim()) ? Number(written.trim()) : NaN),
            ),
          );
        },
      ),
      fuzz,
    );
  });

  it('is read as another reader reads it, however its text came about', () => {
    const text = fc.string({
      unit: fc.constantFrom('"', ',', ',', '\n', '\n', ' ', 'a', '1', '.', 'ä'),
      maxLength: 40,
    });
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 10 }), (written, piece) => {
        // The other one loses its way where the text ends in spaces after a quote.
        fc.pre(!/" +$/.test(written));
        const table = accepted(() => readTable(written, { delimiter: ',', header: false, piece }));
        if (!table) return;
        const other = Papa.parse<string[]>(written, { delimiter: ',', newline: '\n' });
        expect(cells(table)).toEqual(trimmed(other.data.filter(notBlank)));
      }),
      fuzz,
    );
  });

  it('is a table or an error that says where, whatever happened to its bytes', () => {
    fc.assert(
      fc.property(grid, damage, fc.integer({ min: 1, max: 64 }), (rows, spoil, piece) => {
        const bytes = spoil(new TextEncoder().encode(Papa.unparse(rows)));
        const table = accepted(() => readTable(bytes, { piece }));
        if (table) for (const row of cells(table)) expect(row).toHaveLength(table.columns.length);
      }),
      fuzz,
    );
  });

  it('never becomes a number that was not written', () => {
    const text = fc.oneof(
      fc.double({ noDefaultInfinity: true, noNaN: true }).map(String),
      fc.constantFrom('', ' ', 'NA', '?', 'x', '0x1f', '1e999', '-', '.', '1.', '.5', '+7', '1e5', '١', 'Infinity'),
    );
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 8 }), column => {
        const csv = `x,z,y\n${column.map((x, i) => `"${x}",1,${String(i % 2)}`).join('\n')}\n`;
        const data = accepted(() => encodeText(csv, { encoding: 'numbers', missing: 'dropRow' }));
        if (!data || data.featureNames[0] !== 'x') return;
        column.forEach((x, row) =>
          expect(data.features.values[row * data.features.columns]).toBe(isDecimal(x.trim()) ? Number(x) : NaN),
        );
      }),
      fuzz,
    );
  });
});

describe('any decimal', () => {
  const read = (text: string) => decimal(new TextEncoder().encode(text), 0, text.length);

  it('is the nearest number of float64, bit for bit', () => {
    const notation = fc.oneof(
      fc.double({ noDefaultInfinity: true, noNaN: true }).map(x => (Object.is(x, -0) ? '-0' : String(x))),
      fc
        .tuple(fc.double({ noDefaultInfinity: true, noNaN: true }), fc.integer({ min: 0, max: 30 }))
        .map(([x, n]) => x.toExponential(n)),
      fc
        .tuple(fc.double({ min: -1e20, max: 1e20, noNaN: true }), fc.integer({ min: 0, max: 30 }))
        .map(([x, n]) => x.toFixed(n)),
      fc.tuple(fc.bigInt(), fc.integer({ min: -30, max: 30 })).map(([x, n]) => `${String(x)}e${String(n)}`),
    );
    fc.assert(
      fc.property(notation, text => {
        expect(read(text)).toBe(isDecimal(text) ? Number(text) : NaN);
      }),
      fuzz,
    );
  });

  it('is told from any other text', () => {
    const text = fc.string({
      unit: fc.constantFrom('0', '0', '1', '9', '.', 'e', 'E', '+', '-', 'x', '_', ' '),
      maxLength: 8,
    });
    fc.assert(
      fc.property(text, written => {
        expect(read(written)).toBe(isDecimal(written) ? Number(written) : NaN);
      }),
      fuzz,
    );
  });
});
