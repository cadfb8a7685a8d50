import './main.css';
import { render } from 'preact';
import { trainingSchemas, type HostToTraining, type TrainingToHost } from '../../engine/protocol/views.ts';
import { connectHost } from '../kit/hostPort.ts';
import { App } from './app.tsx';
import { extend, noCurves } from './curves.ts';
import { Store } from '../kit/store.ts';
import type { TrainingState } from './state.ts';

const store = new Store<TrainingState>({
  title: '',
  curves: noCurves,
  panel: { runState: 'idle', resumable: false, modelChanged: false },
  predictions: undefined,
  overlays: [],
  remedies: [],
});

const host = connectHost<TrainingToHost, HostToTraining>(
  {
    reset: (title, events, panel) =>
      store.update({ title, panel, curves: extend(noCurves, events), predictions: undefined, remedies: [] }),
    append: events => store.update({ curves: extend(store.state.curves, events) }),
    state: panel => store.update({ panel }),
    predictions: predictions => store.update({ predictions }),
    overlays: overlays => store.update({ overlays }),
    remedies: remedies => store.update({ remedies }),
  },
  trainingSchemas,
);

// What the host answers comes while the page is made.
void host.ready.asEvent();
const root = document.getElementById('root');
if (root) render(<App store={store} host={host} />, root);
