import { useEffect, useState } from 'preact/hooks';
import type { Playback } from './playback.ts';

/** Milliseconds between two drawings of texts while a race runs; what a person can read. */
const redrawInterval = 100;

/** Where the playback stands, at most ten times a second while it runs and at once when it does not. */
export function usePlayback(playback: Playback) {
  const [, setCount] = useState(0);
  useEffect(() => {
    let timer: number | undefined;
    const draw = () => {
      clearTimeout(timer);
      timer = undefined;
      setCount(count => count + 1);
    };
    const unsubscribe = playback.subscribe(() => {
      if (!playback.isPlaying) draw();
      else timer ??= window.setTimeout(draw, redrawInterval);
    });
    return () => {
      unsubscribe();
      clearTimeout(timer);
    };
  }, [playback]);
  return { step: playback.step, phase: playback.phase, isPlaying: playback.isPlaying, speed: playback.speed };
}

/** Lets a playback run with the frames of the page. */
export function runWithFrames(playback: Playback): void {
  let last: number | undefined;
  let waiting = false;
  const frame = (now: number) => {
    waiting = false;
    playback.tick(last === undefined ? 0 : now - last);
    last = playback.isPlaying ? now : undefined;
    follow();
  };
  const follow = () => {
    if (!playback.isPlaying || waiting) return;
    waiting = true;
    requestAnimationFrame(frame);
  };
  playback.subscribe(follow);
}
