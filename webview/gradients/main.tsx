import './main.css';
import { render } from 'preact';
import { gradientsSchemas, type GradientsToHost, type HostToGradients } from '../../engine/protocol/views.ts';
import { connectHost } from '../kit/hostPort.ts';
import { Store } from '../kit/store.ts';
import { App, type GradientsState } from './app.tsx';
import { withSample } from './samples.ts';

const store = new Store<GradientsState>({ title: '', histories: [], step: 0, epoch: 0 });

const host = connectHost<GradientsToHost, HostToGradients>(
  {
    reset: title => store.update({ title, histories: [], step: 0, epoch: 0 }),
    sample: sample => {
      const { step, epoch } = sample;
      store.update({ histories: withSample(store.state.histories, sample), step, epoch });
      // The next sample is worth computing only when this one is on the screen.
      requestAnimationFrame(() => void host.acknowledge.asEvent());
    },
  },
  gradientsSchemas,
);

const root = document.getElementById('root');
if (root) render(<App store={store} host={host} />, root);
void host.ready.asEvent();
