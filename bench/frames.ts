import type { CDPSession, Frame } from 'playwright-core';

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly ts: number;
  readonly dur?: number;
  /** Processor time: what other processes take meanwhile does not count. */
  readonly tdur?: number;
}

/** What the page's main thread does for a frame; what happens in between is not its own. */
const ownWork = new Set(['EventDispatch', 'FireAnimationFrame', 'UpdateLayoutTree', 'Layout', 'PrePaint', 'Paint']);
/** Milliseconds of one picture on the screen. */
export const frameLength = 1000 / 60;

const quantile = (sorted: readonly number[], share: number) => sorted[Math.floor((sorted.length - 1) * share)] ?? NaN;
function summary(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  return [0.5, 0.95, 1].map(share => quantile(sorted, share).toFixed(1).padStart(6)).join(' ');
}

/** Own work of each sixtieth of a second that had any. */
function workPerFrame(events: readonly TraceEvent[]): number[] {
  const frames = new Map<number, number>();
  for (const { name, ph, ts, dur = 0, tdur = dur } of events) {
    if (ph !== 'X' || !ownWork.has(name)) continue;
    const frame = Math.floor(ts / 1000 / frameLength);
    frames.set(frame, (frames.get(frame) ?? 0) + tdur / 1000);
  }
  return [...frames.values()];
}

/** Prints what a gesture costs: own work of each frame, and the time between frames; median, 95 % and largest in milliseconds. */
export async function measure(
  session: CDPSession,
  view: Frame,
  title: string,
  act: () => Promise<void>,
): Promise<void> {
  const events: TraceEvent[] = [];
  const collect = ({ value }: { value: readonly object[] }) => events.push(...(value as TraceEvent[]));
  session.on('Tracing.dataCollected', collect);
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['devtools.timeline'] },
  });
  await view.evaluate(
    'globalThis.times = []; globalThis.tick = t => { times.push(t); globalThis.frame = requestAnimationFrame(tick); }; requestAnimationFrame(tick)',
  );
  await act();
  const times = await view.evaluate<number[]>('cancelAnimationFrame(frame), times');
  const complete = new Promise(resolve => session.once('Tracing.tracingComplete', resolve));
  await session.send('Tracing.end');
  await complete;
  session.off('Tracing.dataCollected', collect);
  const between = times.slice(1).map((time, i) => time - (times[i] ?? time));
  console.log(`  ${title.padEnd(18)} own work ${summary(workPerFrame(events))}    between frames ${summary(between)}`);
}
