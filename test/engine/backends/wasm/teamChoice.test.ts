import { describe, expect, it } from 'vitest';
import { TeamChoice } from '../../../../engine/backends/wasm/teamChoice.ts';

/** Lets a choice run on a machine where a run with so many threads takes `cost(threads)`. Returns the threads of each run. */
function observe(choice: TeamChoice, runs: number, cost: (threads: number) => number): number[] {
  return Array.from({ length: runs }, () => {
    const threads = choice.next();
    choice.took(cost(threads));
    return threads;
  });
}

/** More than one round of measurements, and fewer than it then holds. */
const firstRuns = 60;

describe('the number of threads', () => {
  it('is the fastest of those tried', () => {
    const choice = new TeamChoice({ most: 4, ready: 4 });
    const taken = observe(choice, firstRuns, threads => Math.abs(threads - 2) + 1);
    expect(new Set(taken)).toEqual(new Set([1, 2, 4]));
    expect(taken.slice(-20)).toEqual(Array(20).fill(2));
  });

  it('stays 1 where more of them only cost', () => {
    const choice = new TeamChoice({ most: 2, ready: 2 });
    expect(observe(choice, firstRuns, threads => threads).slice(-20)).toEqual(Array(20).fill(1));
  });

  it('is 1 until all threads are there, and again when they have ended', () => {
    const threads = { most: 2, ready: 1 };
    const choice = new TeamChoice(threads);
    expect(observe(choice, 20, () => 1)).toEqual(Array(20).fill(1));
    threads.ready = 2;
    expect(observe(choice, firstRuns, count => 1 / count).at(-1)).toBe(2);
    threads.ready = 1;
    expect(observe(choice, 5, count => 1 / count)).toEqual(Array(5).fill(1));
  });

  it('is found anew when the machine has changed', () => {
    const choice = new TeamChoice({ most: 2, ready: 2 });
    observe(choice, firstRuns, threads => 1 / threads);
    const later = observe(choice, 400, threads => threads);
    expect(later.slice(-50)).toEqual(Array(50).fill(1));
  });

  it('survives a bad moment in which several threads only cost', () => {
    const choice = new TeamChoice({ most: 2, ready: 2 });
    observe(choice, firstRuns, threads => 1 / threads);
    let run = 0;
    // Longer than a round of measurements, and then over.
    const moment = () => run++ < 20;
    const taken = observe(choice, 400, threads => (moment() ? threads : 1 / threads));
    expect(taken.slice(100).filter(threads => threads === 1).length).toBeLessThan(30);
  });

  it('is found anew at once when runs become slow', () => {
    const choice = new TeamChoice({ most: 2, ready: 2 });
    // Long enough that the choice holds for thousands of runs.
    observe(choice, 20_000, threads => 1 / threads);
    const taken = observe(choice, 100, threads => threads);
    expect(taken.slice(-20)).toEqual(Array(20).fill(1));
  });

  it('looks for more threads again before long while fewer run', () => {
    const choice = new TeamChoice({ most: 2, ready: 2 });
    observe(choice, 20_000, threads => threads);
    expect(observe(choice, 600, () => 1)).toContain(2);
  });
});
