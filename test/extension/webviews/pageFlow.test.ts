import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PageFlow } from '../../../extension/webviews/pageFlow.ts';

describe('what happens to a page', () => {
  /** Messages that the page has been sent, and what lets it take each. */
  let sent: number[][];
  let takes: (() => void)[];
  let flow: PageFlow<number>;

  beforeEach(() => {
    vi.useFakeTimers();
    sent = [];
    takes = [];
    flow = new PageFlow<number>({
      send: items => {
        sent.push([...items]);
        const { promise, resolve } = Promise.withResolvers<undefined>();
        takes.push(() => resolve(undefined));
        return promise;
      },
      shorten: waiting => (waiting.length > 5 ? waiting.filter(item => item % 2 === 0) : waiting),
    });
  });
  afterEach(() => {
    flow.dispose();
    vi.useRealTimers();
  });

  const take = async () => {
    takes.shift()?.();
    await vi.advanceTimersByTimeAsync(0);
  };

  it('goes at once after a pause, then at most ten times a second', async () => {
    flow.add([1]);
    expect(sent).toEqual([[1]]);
    await take();
    flow.add([2]);
    await vi.advanceTimersByTimeAsync(99);
    flow.add([3]);
    expect(sent).toEqual([[1]]);
    await vi.advanceTimersByTimeAsync(1);
    expect(sent).toEqual([[1], [2, 3]]);
  });

  it('waits for a page that is slow, and then goes in one message, the last one with it', async () => {
    flow.add([1]);
    for (const item of [2, 3, 4]) {
      flow.add([item]);
      await vi.advanceTimersByTimeAsync(1000);
    }
    expect(sent).toEqual([[1]]);
    await take();
    expect(sent).toEqual([[1], [2, 3, 4]]);
  });

  it('becomes fewer where too much waits', async () => {
    flow.add([0]);
    for (const item of [1, 2, 3, 4, 5, 6]) flow.add([item]);
    await take();
    await vi.advanceTimersByTimeAsync(100);
    expect(sent).toEqual([[0], [2, 4, 6]]);
  });

  it('is sent before what must not overtake it', () => {
    flow.add([1]);
    flow.add([2]);
    flow.flush();
    flow.flush();
    expect(sent).toEqual([[1], [2]]);
  });

  it('goes on after an answer that failed, and waits for the last of two', async () => {
    flow.add([1]);
    flow.add([2]);
    flow.flush();
    flow.add([3]);
    await take();
    await vi.advanceTimersByTimeAsync(500);
    expect(sent).toEqual([[1], [2]]);
    await take();
    expect(sent).toEqual([[1], [2], [3]]);
    const failing = new PageFlow<number>({
      send: items => {
        sent.push([...items]);
        return Promise.reject(new Error('The page is gone.'));
      },
      shorten: waiting => waiting,
    });
    failing.add([4]);
    await vi.advanceTimersByTimeAsync(100);
    failing.add([5]);
    expect(sent.slice(-2)).toEqual([[4], [5]]);
  });

  it('is forgotten when another page begins with all that is known', async () => {
    flow.add([1]);
    flow.add([2]);
    flow.restart();
    await vi.advanceTimersByTimeAsync(1000);
    expect(sent).toEqual([[1]]);
    flow.add([3]);
    expect(sent).toEqual([[1], [3]]);
    // The answer of the old page is not that of the new one.
    flow.add([4]);
    await take();
    await vi.advanceTimersByTimeAsync(1000);
    expect(sent).toEqual([[1], [3]]);
  });
});
