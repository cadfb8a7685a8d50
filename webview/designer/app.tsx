import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { useStore } from '../kit/store.ts';
import { Canvas } from './canvas.tsx';
import { listenToClipboard } from './clipboard.ts';
import type { CanvasFrame } from './dragging.ts';
import { HeldLayer } from './heldLayer.tsx';
import { Inspector } from './inspector.tsx';
import { Palette } from './palette.tsx';
import { Problems } from './problems.tsx';
import { StaleBanner } from './staleBanner.tsx';
import type { Designer, DrawableState } from './state.ts';
import { listenToTables } from './tableDrop.ts';
import { Toolbar } from './toolbar.tsx';

export function App({ designer }: { readonly designer: Designer }) {
  const state = useStore(designer.store);
  const frame = useRef<CanvasFrame>(undefined);
  const [problemsOpen, setProblemsOpen] = useState(false);
  const [tableOver, setTableOver] = useState(false);
  useEffect(() => {
    listenToClipboard(designer);
    listenToTables(designer, setTableOver);
  }, [designer]);
  const { host, progress, runState, selection } = state;
  // A pointer that drags or moves the view changes nothing here, sixty times a second.
  const palette = useMemo(
    () => <Palette designer={designer} state={state} frame={frame} />,
    [designer, host, runState, selection],
  );
  const inspector = useMemo(
    () => <Inspector designer={designer} state={state} />,
    [designer, host, runState, selection],
  );
  if (!host) return null;
  const { model } = host;
  return (
    <div class="designer">
      <Toolbar designer={designer} state={state} onProblems={() => setProblemsOpen(!problemsOpen)} />
      {runState !== 'idle' && progress && (
        <div class="run-progress" aria-hidden="true">
          <div style={{ width: `${(100 * progress.epoch) / Math.max(1, progress.epochs)}%` }} />
        </div>
      )}
      {problemsOpen && <Problems designer={designer} host={host} onClose={() => setProblemsOpen(false)} />}
      {palette}
      <main class={`canvas${host.stale ? ' stale' : ''}${tableOver ? ' table-over' : ''}`}>
        {model && <Canvas designer={designer} state={state} host={host as DrawableState} frame={frame} />}
        <StaleBanner designer={designer} host={host} />
      </main>
      {inspector}
      {state.drag && <HeldLayer drag={state.drag} />}
      <div class="announcer" aria-live="polite">
        {state.announcement}
      </div>
    </div>
  );
}
