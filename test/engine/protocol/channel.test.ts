import { describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { EngineError } from '../../../engine/model/errors.ts';
import { connect, type Port } from '../../../engine/protocol/channel.ts';

interface Calls {
  double(value: number): Promise<number>;
  fail(): Promise<void>;
  never(): Promise<void>;
}
interface Events {
  told(text: string): void;
}

/** Two ports joined by a wire that copies messages, as processes do. */
function wire() {
  const listeners: ((message: unknown) => void)[][] = [[], []];
  const port = (side: 0 | 1): Port => ({
    post: message => {
      const copy: unknown = structuredClone(message);
      queueMicrotask(() => listeners[1 - side]?.forEach(listener => listener(copy)));
    },
    onMessage: listener => listeners[side]?.push(listener),
  });
  return { host: port(0), trainer: port(1) };
}

function pair(timeout = 1000) {
  const ports = wire();
  const dropped: string[] = [];
  const told = vi.fn<(text: string) => void>();
  const local: Calls = {
    double: value => Promise.resolve(2 * value),
    fail: () => Promise.reject(new EngineError('invalid-data', 'Row 3 is short.', { file: 'a.csv', line: 3 })),
    never: () => new Promise(() => undefined),
  };
  const schemas = { double: z.tuple([z.number()]), fail: z.tuple([]), never: z.tuple([]) };
  const events = connect<Events, Calls>(ports.trainer, local, { schemas, onDropped: reason => dropped.push(reason) });
  const calls = connect<Calls, Events>(
    ports.host,
    { told },
    { schemas: { told: z.tuple([z.string()]) }, onDropped: reason => dropped.push(reason), timeout },
  );
  return { calls, events, told, dropped, ports };
}

/** Lets every message that is under way arrive. */
const settle = () => new Promise(resolve => setTimeout(resolve, 5));

describe('a channel', () => {
  it('answers a call with its value', async () => {
    expect(await pair().calls.double(21)).toBe(42);
  });

  it('carries an error with its code and its place', async () => {
    const failed = pair().calls.fail();
    await expect(failed).rejects.toBeInstanceOf(EngineError);
    await expect(failed).rejects.toMatchObject({ code: 'invalid-data', line: 'a.csv:3: Row 3 is short.' });
  });

  it('tells events', async () => {
    const { events, told } = pair();
    void events.told.asEvent('hello');
    await settle();
    expect(told).toHaveBeenCalledExactlyOnceWith('hello');
  });

  it.each([
    ['nonsense', 'neither a call nor an answer'],
    [null, 'neither a call nor an answer'],
    [{ t: 'q', m: 'told', a: [5] }, '"told" with wrong arguments'],
    [{ t: 'q', m: 'toString', a: [] }, 'unknown method "toString"'],
    [{ t: 'q', m: '__proto__', a: [] }, 'unknown method "__proto__"'],
  ])('drops %o, runs nothing and lives on', async (message, reason) => {
    const { calls, told, dropped, ports } = pair();
    ports.trainer.post(message);
    await settle();
    expect(dropped).toEqual([expect.stringContaining(reason)]);
    expect(told).not.toHaveBeenCalled();
    expect(await calls.double(1)).toBe(2);
  });

  it('rejects a call that gets no answer in time', async () => {
    await expect(pair(20).calls.never()).rejects.toThrow(/timeout/);
  });

  it('rejects what is open when it is closed', async () => {
    const { calls } = pair();
    const open = calls.never();
    await settle();
    calls.$close(new EngineError('process-ended', 'Gone.'));
    await expect(open).rejects.toMatchObject({ code: 'process-ended' });
  });
});
