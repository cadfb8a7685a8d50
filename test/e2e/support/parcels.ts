/** Messages with typed arrays as text, for the way between a test and its page. Every number in them is finite. */

const kinds = { Float32Array, Float64Array, Int32Array } as const;

interface Parcel {
  readonly array: keyof typeof kinds;
  readonly numbers: readonly number[];
}

const isParcel = (value: unknown): value is Parcel =>
  typeof value === 'object' && value !== null && 'array' in value && 'numbers' in value;

export const pack = (message: unknown): string =>
  JSON.stringify(message, (_, value: unknown) =>
    value instanceof Float32Array || value instanceof Float64Array || value instanceof Int32Array
      ? { array: value.constructor.name, numbers: [...value] }
      : value,
  );

export const unpack = (text: string): unknown =>
  JSON.parse(text, (_, value: unknown) => (isParcel(value) ? kinds[value.array].from(value.numbers) : value));
