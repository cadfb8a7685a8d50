import { describe, expect, it } from 'vitest';
import { Playback } from '../../../webview/lab/playback.ts';

function playback(length = 100) {
  const made = new Playback();
  made.restart(length);
  return made;
}

describe('a playback', () => {
  it('makes ten steps a second, times its speed', () => {
    const race = playback();
    race.play();
    for (let i = 0; i < 10; i++) race.tick(50);
    expect(race.step).toBe(5);
    race.setSpeed(4);
    for (let i = 0; i < 10; i++) race.tick(50);
    expect(race.step).toBe(25);
  });

  it('stops at its end, and plays from the start again', () => {
    const race = playback(3);
    race.play();
    for (let i = 0; i < 20; i++) race.tick(100);
    expect([race.step, race.isPlaying]).toEqual([3, false]);
    race.play();
    expect([race.step, race.isPlaying]).toEqual([0, true]);
  });

  it('does not leap after a pause of the page', () => {
    const race = playback();
    race.play();
    race.tick(60_000);
    expect(race.step).toBe(1);
  });

  it('stands on a whole step when it is paused or moved, within its bounds', () => {
    const race = playback();
    race.play();
    race.tick(90);
    race.pause();
    expect(race.time).toBe(0);
    race.seek(-3);
    expect(race.time).toBe(0);
    race.seek(1000);
    expect(race.time).toBe(100);
  });

  it('goes through the phases of a step, then to the next step', () => {
    const race = playback();
    race.nextPhase(3);
    race.nextPhase(3);
    expect([race.step, race.phase]).toEqual([0, 2]);
    race.nextPhase(3);
    expect([race.step, race.phase]).toEqual([1, 0]);
  });

  it('follows paths that grow, if it stands at their end, and else stays', () => {
    const race = playback(10);
    race.seek(10);
    race.extend(20);
    expect(race.time).toBe(20);
    race.seek(5);
    race.extend(30);
    expect(race.time).toBe(5);
  });

  it('tells of every change until nobody listens', () => {
    const race = playback();
    let told = 0;
    const stop = race.subscribe(() => told++);
    race.seek(3);
    race.play();
    race.tick(16);
    expect(told).toBe(3);
    stop();
    race.pause();
    expect(told).toBe(3);
  });
});
