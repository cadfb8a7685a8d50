import { readFileSync } from 'node:fs';
import * as z from 'zod';
import type { Numbers } from '../backends/backend.ts';
import { EngineError } from '../model/errors.ts';

/** A named tensor; `values` holds the product of `shape` numbers, row by row. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly values: Numbers;
}

export interface TensorFile {
  readonly tensors: ReadonlyMap<string, Tensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Largest header that is read; the format's own limit. */
const maximumHeaderBytes = 100_000_000;

/**
 * Writes the safetensors format: 8 bytes of header length (little-endian), a JSON header, the data.
 * float64 tensors stay float64 (F64), float32 tensors F32. The header is padded to 8 bytes.
 */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, Tensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const header: Record<string, unknown> = Object.keys(metadata).length ? { __metadata__: metadata } : {};
  let offset = 0;
  for (const [name, { shape, values }] of tensors) {
    const dtype = values instanceof Float64Array ? 'F64' : 'F32';
    header[name] = { dtype, shape, data_offsets: [offset, offset + values.byteLength] };
    offset += values.byteLength;
  }
  const json = JSON.stringify(header);
  const text = new TextEncoder().encode(json.padEnd(json.length + ((8 - (Buffer.byteLength(json) % 8)) % 8)));
  const bytes = new Uint8Array(8 + text.length + offset);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  let at = 8 + text.length;
  for (const { values } of tensors.values()) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
    at += values.byteLength;
  }
  return bytes;
}

const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(z.int().min(0)).max(8),
  data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
});

/** Reads F32 and F64 tensors. Every offset is checked before a byte is taken. Throws `invalid-weights`. */
export function decodeSafetensors(bytes: Uint8Array, file: string): TensorFile {
  const fail = (what: string) =>
    new EngineError('invalid-weights', `${what} The file is damaged or not safetensors; choose another.`, { file });
  if (bytes.length < 8) throw fail('The file is too short.');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = Number(view.getBigUint64(0, true));
  if (headerLength > Math.min(maximumHeaderBytes, bytes.length - 8)) throw fail('The header is longer than the file.');
  const header = readHeader(bytes.subarray(8, 8 + headerLength), fail);
  const data = bytes.subarray(8 + headerLength);

  const tensors = new Map<string, Tensor>();
  let metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(header)) {
    if (name === '__metadata__') {
      const read = z.record(z.string(), z.string()).safeParse(value);
      if (!read.success) throw fail('The metadata are not texts.');
      metadata = read.data;
      continue;
    }
    const entry = entrySchema.safeParse(value);
    if (!entry.success) throw fail(`The tensor "${name}" is described wrongly.`);
    const {
      dtype,
      shape,
      data_offsets: [start, end],
    } = entry.data;
    const size = dtype === 'F64' ? 8 : dtype === 'F32' ? 4 : 0;
    if (size === 0)
      throw new EngineError(
        'invalid-weights',
        `The tensor "${name}" holds ${dtype}; only F32 and F64 can be read. Convert it.`,
        { file },
      );
    const count = shape.reduce((product, n) => product * n, 1);
    if (end > data.length || start > end || end - start !== count * size)
      throw fail(`The tensor "${name}" lies outside the file.`);
    // A copy, since the data may begin anywhere in the file and a Buffer's slice would share its memory.
    const copy = new Uint8Array(data.subarray(start, end));
    tensors.set(name, { shape, values: size === 8 ? new Float64Array(copy.buffer) : new Float32Array(copy.buffer) });
  }
  return { tensors, metadata };
}

function readHeader(bytes: Uint8Array, fail: (what: string) => EngineError): Record<string, unknown> {
  try {
    const header: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (header !== null && typeof header === 'object' && !Array.isArray(header))
      return header as Record<string, unknown>;
  } catch {
    // Falls through: text that is not JSON and JSON that is no object are the same fault to the user.
  }
  throw fail('The header is not JSON.');
}

/** Throws `file-not-readable` or `invalid-weights`. */
export function readSafetensors(file: string): TensorFile {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new EngineError(
      'file-not-readable',
      'The weights file does not exist or cannot be read. Check its path.',
      { file },
      { cause: error },
    );
  }
  return decodeSafetensors(bytes, file);
}
