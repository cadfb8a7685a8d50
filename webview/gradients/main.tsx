import './main.css';
import { render } from 'preact';
import { SampleHistory } from '../../engine/protocol/sampleHistory.ts';
import { gradientsSchemas, type GradientsToHost, type HostToGradients } from '../../engine/protocol/views.ts';
import { connectHost } from '../kit/hostPort.ts';
import { Store } from '../kit/store.ts';
import { App } from './app.tsx';
import type { GradientsState } from './state.ts';

const store = new Store<GradientsState>({
  title: '',
  live: false,
  samples: [],
  chosen: undefined,
  verdict: null,
  selected: '',
});
let history = new SampleHistory();

/** Milliseconds between two samples: more than ten a second nobody can read. */
const rest = 100;

const host = connectHost<GradientsToHost, HostToGradients>(
  {
    reset: (title, samples, live) => {
      history = new SampleHistory();
      for (const sample of samples) history.add(sample);
      store.update({ title, live, samples: [...history.samples], chosen: undefined, verdict: null });
      void host.watchLayer.asEvent(store.state.selected);
    },
    sample: sample => {
      history.add(sample);
      store.update({ samples: [...history.samples] });
      // The next sample is worth computing only when this one is on the screen.
      requestAnimationFrame(() => setTimeout(() => void host.acknowledge.asEvent(), rest));
    },
    verdict: verdict => store.update({ verdict }),
    select: layerId => {
      const known = store.state.samples.at(-1)?.layers.some(layer => layer.layerId === layerId) ?? false;
      if (known && layerId !== store.state.selected) {
        store.update({ selected: layerId });
        void host.watchLayer.asEvent(layerId);
      }
    },
  },
  gradientsSchemas,
);

const root = document.getElementById('root');
if (root) render(<App store={store} host={host} />, root);
void host.ready.asEvent();
