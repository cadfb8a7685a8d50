import { useEffect, useMemo, useState } from 'preact/hooks';
import { DrawingPace } from './drawingPace.ts';
import type { Store } from './store.ts';

/** The state, drawn at a pace that leaves the editor its time; the last one is always drawn. Not for what the user changes: the next press needs it drawn. */
export function useCalmStore<State extends object>(store: Store<State>): State {
  const [state, setState] = useState(store.state);
  const pace = useMemo(() => new DrawingPace(() => setState(store.state)), [store]);
  useEffect(() => {
    setState(store.state);
    const unsubscribe = store.subscribe(() => pace.wish());
    return () => {
      unsubscribe();
      pace.dispose();
    };
  }, [store, pace]);
  useEffect(() => {
    // Charts draw in effects too; this comes when they have.
    const timer = setTimeout(() => pace.done());
    return () => clearTimeout(timer);
  }, [state, pace]);
  return state;
}
