import './main.css';
import { render } from 'preact';
import { connectExperiment } from '../kit/experimentStore.ts';
import { App } from './app.tsx';

const { store, host } = connectExperiment();
const root = document.getElementById('root');
if (root) render(<App store={store} host={host} />, root);
void host.ready.asEvent();
