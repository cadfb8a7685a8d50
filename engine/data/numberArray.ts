import { maximumTrainingBytes } from '../model/shapes.ts';
import type { ByteReader } from './byteReader.ts';

/** An array as a file holds it: `values` are the product of `shape` numbers, the last index running fastest. */
export interface NumberArray {
  readonly file: string;
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

/** One kind of number in a file. */
export interface NumberType {
  readonly bytes: number;
  /** The number at byte `at`; NaN for an integer that float64 cannot hold. */
  readonly read: (view: DataView, at: number, littleEndian: boolean) => number;
}

/** A whole number of 64 bits; `high` holds the sign. Beyond ±2⁵³ float64 would round it in silence. */
function wide(high: number, low: number): number {
  const value = high * 2 ** 32 + low;
  const exact = Math.abs(value) < 2 ** 53 || (Math.abs(value) === 2 ** 53 && low === 0);
  return exact ? value : NaN;
}

const highAt = (at: number, little: boolean) => (little ? at + 4 : at);
const lowAt = (at: number, little: boolean) => (little ? at : at + 4);

/** (−1)ˢ 2ᵉ⁻²⁵ (1024 + m), without the 1024 for the least e. Source: IEEE 754, binary16. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}

export const numberTypes = {
  bool: { bytes: 1, read: (view, at) => (view.getUint8(at) ? 1 : 0) },
  int8: { bytes: 1, read: (view, at) => view.getInt8(at) },
  uint8: { bytes: 1, read: (view, at) => view.getUint8(at) },
  int16: { bytes: 2, read: (view, at, little) => view.getInt16(at, little) },
  uint16: { bytes: 2, read: (view, at, little) => view.getUint16(at, little) },
  int32: { bytes: 4, read: (view, at, little) => view.getInt32(at, little) },
  uint32: { bytes: 4, read: (view, at, little) => view.getUint32(at, little) },
  int64: {
    bytes: 8,
    read: (view, at, little) =>
      wide(view.getInt32(highAt(at, little), little), view.getUint32(lowAt(at, little), little)),
  },
  uint64: {
    bytes: 8,
    read: (view, at, little) =>
      wide(view.getUint32(highAt(at, little), little), view.getUint32(lowAt(at, little), little)),
  },
  float16: { bytes: 2, read: (view, at, little) => half(view.getUint16(at, little)) },
  float32: { bytes: 4, read: (view, at, little) => view.getFloat32(at, little) },
  float64: { bytes: 8, read: (view, at, little) => view.getFloat64(at, little) },
} as const satisfies Record<string, NumberType>;
export type NumberTypeName = keyof typeof numberTypes;

const isInteger = (type: NumberTypeName) => !type.startsWith('float');

/** Reads `shape` numbers to the end of the file. Every size is checked before anything is allocated. */
export async function readNumbers(
  reader: ByteReader,
  type: NumberTypeName,
  shape: readonly number[],
  littleEndian: boolean,
): Promise<NumberArray> {
  const { bytes: size, read } = numberTypes[type];
  const count = shape.reduce((product, length) => product * length, 1);
  if (shape.length === 0 || shape.includes(0))
    throw reader.invalid('The array is empty. It needs at least one row and one number a row.');
  if (count * (8 + size) > maximumTrainingBytes) throw reader.memoryLimit();
  const bytes = await reader.take(count * size);
  await reader.end();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = new Float64Array(count);
  for (let i = 0; i < count; i++) values[i] = read(view, i * size, littleEndian);
  const lost = isInteger(type) ? values.findIndex(Number.isNaN) : -1;
  if (lost >= 0)
    throw reader.invalid(
      `The whole number at position ${String(lost)} is beyond ±2⁵³ and cannot be held exactly. Store smaller numbers, or float64.`,
    );
  return { file: reader.file, shape, values };
}
