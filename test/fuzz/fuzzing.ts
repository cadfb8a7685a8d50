import fc from 'fast-check';
import { expect } from 'vitest';
import { EngineError } from '../../engine/model/errors.ts';

/** How many cases each property is tried with: `npm run fuzz` asks for many more than `npm test`. */
export const fuzz = { numRuns: Number(process.env['FUZZ_RUNS'] ?? 1000) };

/** What `read` gives; undefined when it refuses with an error of the engine that says where. Anything else fails the test. */
export function accepted<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    expectLocated(error);
    return undefined;
  }
}

/** The same of what is read later. */
export async function acceptedLater<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    expectLocated(error);
    return undefined;
  }
}

function expectLocated(error: unknown): void {
  if (!(error instanceof EngineError)) throw error;
  expect(error.code).not.toBe('internal');
  expect(error.place?.file).toBeTruthy();
  expect(error.place?.line ?? 1).toBeGreaterThanOrEqual(1);
  expect(error.message).toMatch(/\.$/);
}

/** Some changes of bytes: pieces cut out, doubled, overwritten. */
export const damage: fc.Arbitrary<(bytes: Uint8Array) => Uint8Array> = fc
  .array(
    fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      removed: fc.nat(8),
      added: fc.oneof(fc.uint8Array({ maxLength: 8 }), fc.constant(Uint8Array.of(255, 255, 255, 255))),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map(changes => bytes => {
    let damaged = bytes;
    for (const { at, removed, added } of changes) {
      const start = Math.floor(at * damaged.length);
      damaged = Buffer.concat([damaged.subarray(0, start), added, damaged.subarray(start + removed)]);
    }
    return damaged;
  });
