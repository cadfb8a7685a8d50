import * as z from 'zod';
import type { Store } from '../kit/store.ts';
import type { ViewState } from './state.ts';

const keptSchema = z.object({
  selection: z.union([
    z.object({ kind: z.literal('layers'), paths: z.array(z.array(z.int().min(0)).min(1)).min(1) }),
    z.object({ kind: z.enum(['data', 'loss']) }),
  ]),
  folds: z.record(z.string(), z.boolean()).default({}),
  viewport: z.object({ scale: z.number().positive(), x: z.number(), y: z.number() }).optional(),
});

/** What was selected, seen and folded before the view was hidden; undefined when nothing readable was kept. */
export const keptView = (kept: unknown): z.infer<typeof keptSchema> | undefined => keptSchema.safeParse(kept).data;

/** Milliseconds between two keepings, each of which is a message to the host; a page may go right after a change. */
const interval = 50;

/** Keeps what is selected, seen and folded, soon after it has changed and when the page goes. */
export function keepView(store: Store<ViewState>, keep: (view: object) => void): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let kept: Pick<ViewState, 'selection' | 'viewport' | 'folds'> = store.state;
  const keepNow = () => {
    clearTimeout(timer);
    timer = undefined;
    const { selection, viewport, folds } = store.state;
    if (selection === kept.selection && viewport === kept.viewport && folds === kept.folds) return;
    kept = { selection, viewport, folds };
    keep(kept);
  };
  store.subscribe(() => {
    timer ??= setTimeout(keepNow, interval);
  });
  // Whoever goes elsewhere leaves the page first; once it is taken down, it may be too late.
  for (const event of ['blur', 'pagehide']) window.addEventListener(event, keepNow);
}
