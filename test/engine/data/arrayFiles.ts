/** Types of NPY by their code: bytes, and how a number is written. */
const writers = {
  b1: [1, (view: DataView, at: number, x: number) => view.setUint8(at, x)],
  i1: [1, (view: DataView, at: number, x: number) => view.setInt8(at, x)],
  u1: [1, (view: DataView, at: number, x: number) => view.setUint8(at, x)],
  i2: [2, (view: DataView, at: number, x: number, little: boolean) => view.setInt16(at, x, little)],
  u2: [2, (view: DataView, at: number, x: number, little: boolean) => view.setUint16(at, x, little)],
  i4: [4, (view: DataView, at: number, x: number, little: boolean) => view.setInt32(at, x, little)],
  u4: [4, (view: DataView, at: number, x: number, little: boolean) => view.setUint32(at, x, little)],
  i8: [8, (view: DataView, at: number, x: number, little: boolean) => view.setBigInt64(at, BigInt(x), little)],
  u8: [8, (view: DataView, at: number, x: number, little: boolean) => view.setBigUint64(at, BigInt(x), little)],
  f4: [4, (view: DataView, at: number, x: number, little: boolean) => view.setFloat32(at, x, little)],
  f8: [8, (view: DataView, at: number, x: number, little: boolean) => view.setFloat64(at, x, little)],
} as const;

export type NpyType = keyof typeof writers;
export const npyTypes = Object.keys(writers) as NpyType[];

export interface NpyOptions {
  readonly type?: NpyType;
  readonly little?: boolean;
  readonly version?: 1 | 2 | 3;
  readonly fortran?: boolean;
}

/** The bytes of an NPY file that holds `values` in the order given. */
export function npy(
  shape: readonly number[],
  values: readonly number[],
  { type = 'f8', little = true, version = 1, fortran = false }: NpyOptions = {},
): Uint8Array {
  const [size, write] = writers[type];
  const descr = `${size === 1 ? '|' : little ? '<' : '>'}${type}`;
  const tuple = shape.length === 1 ? `${String(shape[0])},` : shape.join(', ');
  const header = `{'descr': '${descr}', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': (${tuple}), }`;
  return npyFile(
    header,
    version,
    numberBytes(values, size, (view, at, x) => write(view, at, x, little)),
  );
}

/** An NPY file with any header; it is padded to 64 bytes and ends in a line feed, as NumPy has it. */
export function npyFile(header: string, version: number, data: Uint8Array): Uint8Array {
  const prefix = version === 1 ? 10 : 12;
  const length = Math.ceil((prefix + header.length + 1) / 64) * 64 - prefix;
  const start = Buffer.alloc(prefix);
  start.set([0x93, ...Buffer.from('NUMPY'), version, 0]);
  if (version === 1) start.writeUInt16LE(length, 8);
  else start.writeUInt32LE(length, 8);
  return Buffer.concat([start, Buffer.from(`${header.padEnd(length - 1)}\n`), data]);
}

const idxWriters = {
  8: [1, (view: DataView, at: number, x: number) => view.setUint8(at, x)],
  9: [1, (view: DataView, at: number, x: number) => view.setInt8(at, x)],
  11: [2, (view: DataView, at: number, x: number) => view.setInt16(at, x)],
  12: [4, (view: DataView, at: number, x: number) => view.setInt32(at, x)],
  13: [4, (view: DataView, at: number, x: number) => view.setFloat32(at, x)],
  14: [8, (view: DataView, at: number, x: number) => view.setFloat64(at, x)],
} as const;
export type IdxType = keyof typeof idxWriters;

/** The bytes of an IDX file. */
export function idx(shape: readonly number[], values: readonly number[], type: IdxType = 8): Uint8Array {
  const [size, write] = idxWriters[type];
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.set([0, 0, type, shape.length]);
  shape.forEach((length, i) => header.writeUInt32BE(length, 4 + 4 * i));
  return Buffer.concat([header, numberBytes(values, size, write)]);
}

function numberBytes(
  values: readonly number[],
  size: number,
  write: (view: DataView, at: number, x: number) => void,
): Uint8Array {
  const bytes = new Uint8Array(values.length * size);
  const view = new DataView(bytes.buffer);
  values.forEach((x, i) => write(view, i * size, x));
  return bytes;
}

/** Bytes as a source that was never a file. */
export const sourceOf = (bytes: Uint8Array) => ({
  file: 'a',
  limit: bytes.length,
  chunks: (async function* () {
    await Promise.resolve();
    yield bytes;
  })(),
});
