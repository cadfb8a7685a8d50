import './main.css';
import { render } from 'preact';
import { trainingSchemas, type HostToTraining, type TrainingToHost } from '../../engine/protocol/views.ts';
import { connectHost } from '../kit/hostPort.ts';
import { App } from './app.tsx';
import { extend, noCurves } from './curves.ts';
import { Store } from '../kit/store.ts';
import type { TrainingState } from './state.ts';

const store = new Store<TrainingState>({ title: '', curves: noCurves, runState: 'idle' });

const host = connectHost<TrainingToHost, HostToTraining>(
  {
    reset: (title, events, runState) => store.update({ title, runState, curves: extend(noCurves, events) }),
    append: events => store.update({ curves: extend(store.state.curves, events) }),
    runState: runState => store.update({ runState }),
  },
  trainingSchemas,
);

const root = document.getElementById('root');
if (root) render(<App store={store} host={host} />, root);
void host.ready.asEvent();
