import { ByteReader, type ByteSource } from './byteReader.ts';
import { readNumbers, type NumberArray, type NumberTypeName } from './numberArray.ts';

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
const maximumHeaderBytes = 1 << 16;
const maximumDimensions = 32;

/** Type codes of NumPy, without the byte order. */
const types: Readonly<Record<string, NumberTypeName>> = {
  b1: 'bool',
  i1: 'int8',
  u1: 'uint8',
  i2: 'int16',
  u2: 'uint16',
  i4: 'int32',
  u4: 'uint32',
  i8: 'int64',
  u8: 'uint64',
  f2: 'float16',
  f4: 'float32',
  f8: 'float64',
};

/**
 * Reads an NPY file, versions 1 to 3: magic, version, length of the header, a Python dictionary with `descr`,
 * `fortran_order` and `shape`, then the numbers. Nothing of the header is executed.
 * Rejects with `invalid-data` or `memory-limit`. Source: NumPy Enhancement Proposal 1, “A simple file format”.
 */
export async function readNpy(source: ByteSource): Promise<NumberArray> {
  const reader = new ByteReader(source);
  try {
    const start = await reader.take(8);
    if (magic.some((byte, i) => start[i] !== byte))
      throw reader.invalid('This is not an NPY file: its first bytes are wrong. Choose another file.');
    const version = start[6] ?? 0;
    if (version < 1 || version > 3)
      throw reader.invalid(`This is version ${String(version)} of NPY; 1 to 3 can be read. Save it with numpy.save.`);
    const { type, littleEndian, fortranOrder, shape } = await readHeader(reader, version);
    const array = await readNumbers(reader, type, shape, littleEndian);
    return fortranOrder ? { ...array, values: lastIndexFastest(array) } : array;
  } finally {
    await reader.close();
  }
}

interface NpyHeader {
  readonly type: NumberTypeName;
  readonly littleEndian: boolean;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
}

/** The entries of the header, each in the one way in which NumPy writes it. */
const entryPatterns = {
  descr: /'descr'\s*:\s*'([^']*)'/g,
  order: /'fortran_order'\s*:\s*(True|False)/g,
  shape: /'shape'\s*:\s*\(([\d\s,L]*)\)/g,
};

function entry(header: string, name: keyof typeof entryPatterns): string | undefined {
  const [found, another] = header.matchAll(entryPatterns[name]);
  return another ? undefined : found?.[1];
}

async function readHeader(reader: ByteReader, version: number): Promise<NpyHeader> {
  const lengthBytes = await reader.take(version === 1 ? 2 : 4);
  const view = new DataView(lengthBytes.buffer);
  const length = version === 1 ? view.getUint16(0, true) : view.getUint32(0, true);
  if (length > maximumHeaderBytes)
    throw reader.invalid('The header of the NPY file is too long to be that of an array of numbers.');
  const text = new TextDecoder(version === 3 ? 'utf-8' : 'latin1').decode(await reader.take(length));
  const [descr, order, shape] = [entry(text, 'descr'), entry(text, 'order'), entry(text, 'shape')];
  if (descr === undefined || order === undefined || shape === undefined)
    throw reader.invalid('The header of the NPY file cannot be understood. Save one array of numbers with numpy.save.');
  const type = types[descr.slice(1)];
  if (!type || !'<>|='.includes(descr.charAt(0)))
    throw reader.invalid(
      `The NPY file holds "${descr}"; whole numbers, floats up to 64 bits and booleans can be read. Convert it with astype.`,
    );
  const lengths = shape.split(',').map(part => part.trim().replace(/L$/, ''));
  if (lengths.at(-1) === '') lengths.pop();
  if (lengths.length > maximumDimensions || lengths.some(part => !/^\d{1,15}$/.test(part)))
    throw reader.invalid('The shape in the header of the NPY file is wrong. Save the array again with numpy.save.');
  return { type, littleEndian: !descr.startsWith('>'), fortranOrder: order === 'True', shape: lengths.map(Number) };
}

/** Reorders an array whose first index runs fastest. */
function lastIndexFastest({ shape, values }: NumberArray): Float64Array {
  const ordered = new Float64Array(values.length);
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((product, length) => product * length, 1));
  const index = shape.map(() => 0);
  let from = 0;
  for (let to = 0; to < ordered.length; to++) {
    ordered[to] = values[from] ?? NaN;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis] ?? 0;
      index[axis] = (index[axis] ?? 0) + 1;
      if ((index[axis] ?? 0) < (shape[axis] ?? 0)) break;
      from -= (strides[axis] ?? 0) * (shape[axis] ?? 0);
      index[axis] = 0;
    }
  }
  return ordered;
}
