import { ByteReader, type ByteSource } from './byteReader.ts';
import { readNumbers, type NumberArray, type NumberTypeName } from './numberArray.ts';

/** The third byte of an IDX file. */
const types: Readonly<Record<number, NumberTypeName>> = {
  0x08: 'uint8',
  0x09: 'int8',
  0x0b: 'int16',
  0x0c: 'int32',
  0x0d: 'float32',
  0x0e: 'float64',
};

/**
 * Reads an IDX file: two zero bytes, the type, the number of dimensions, each length as a big-endian uint32,
 * then the numbers, big-endian. Rejects with `invalid-data` or `memory-limit`.
 * Source: Y. LeCun, “The MNIST database of handwritten digits”, file formats.
 */
export async function readIdx(source: ByteSource): Promise<NumberArray> {
  const reader = new ByteReader(source);
  try {
    const [zero, zeroToo, code = 0, dimensions = 0] = await reader.take(4);
    const type = types[code];
    if (zero !== 0 || zeroToo !== 0 || !type || dimensions === 0)
      throw reader.invalid('This is not an IDX file: its first four bytes are wrong. Choose another file.');
    const lengths = await reader.take(4 * dimensions);
    const view = new DataView(lengths.buffer);
    const shape = Array.from({ length: dimensions }, (_, i) => view.getUint32(4 * i));
    return await readNumbers(reader, type, shape, false);
  } finally {
    await reader.close();
  }
}
