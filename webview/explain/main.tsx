import './main.css';
import { render } from 'preact';
import { explainSchemas, type ExplainToHost, type HostToExplain } from '../../engine/protocol/views.ts';
import { connectHost } from '../kit/hostPort.ts';
import { Store } from '../kit/store.ts';
import { App, type ExplainState } from './app.tsx';

const store = new Store<ExplainState>({ title: '', explanation: null, failure: '', current: 0, waiting: true });

const host = connectHost<ExplainToHost, HostToExplain>(
  {
    show: (title, explanation) =>
      store.update(
        explanation === null
          ? { title, waiting: true, failure: '' }
          : {
              title,
              explanation,
              waiting: false,
              failure: '',
              current: Math.min(store.state.current, explanation.operations.length - 1),
            },
      ),
    failed: failure => store.update({ failure, waiting: false, explanation: null }),
  },
  explainSchemas,
);

const root = document.getElementById('root');
if (root) render(<App store={store} host={host} />, root);
void host.ready.asEvent();
