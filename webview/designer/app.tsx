import { useRef, useState } from 'preact/hooks';
import { useStore } from '../kit/store.ts';
import { Canvas } from './canvas.tsx';
import type { CanvasFrame } from './dragging.ts';
import { HeldLayer } from './heldLayer.tsx';
import { Inspector } from './inspector.tsx';
import { Palette } from './palette.tsx';
import { Problems } from './problems.tsx';
import { StaleBanner } from './staleBanner.tsx';
import type { Designer } from './state.ts';
import { Toolbar } from './toolbar.tsx';

export function App({ designer }: { readonly designer: Designer }) {
  const state = useStore(designer.store);
  const frame = useRef<CanvasFrame>(undefined);
  const [problemsOpen, setProblemsOpen] = useState(false);
  if (!state.host) return null;
  return (
    <div class="designer">
      <Toolbar designer={designer} state={state} onProblems={() => setProblemsOpen(!problemsOpen)} />
      {problemsOpen && <Problems designer={designer} host={state.host} onClose={() => setProblemsOpen(false)} />}
      <Palette designer={designer} state={state} frame={frame} />
      <main class={`canvas${state.host.stale ? ' stale' : ''}`}>
        <Canvas designer={designer} state={state} frame={frame} />
        <StaleBanner designer={designer} host={state.host} />
      </main>
      <Inspector designer={designer} state={state} />
      {state.drag && <HeldLayer drag={state.drag} />}
      <div class="announcer" aria-live="polite">
        {state.announcement}
      </div>
    </div>
  );
}
