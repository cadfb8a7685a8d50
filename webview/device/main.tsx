import './main.css';
import { render } from 'preact';
import { deviceViewSchemas, type DeviceToHost, type HostToDevice } from '../../engine/protocol/deviceViews.ts';
import { connectHost } from '../kit/hostPort.ts';
import { Store } from '../kit/store.ts';
import { App, type DeviceState } from './app.tsx';
import { Workers } from './workers.ts';

const store = new Store<DeviceState>({ trainings: [] });
const workers = new Workers(document.body.dataset['worker'] ?? '', {
  message: (worker, message) => void host.fromWorker.asEvent(worker, message),
  failed: (worker, reason) => void host.workerFailed.asEvent(worker, reason),
});

const host = connectHost<DeviceToHost, HostToDevice>(
  {
    startWorker: worker => void workers.start(worker),
    toWorker: (worker, message) => void workers.post(worker, message),
    stopWorker: worker => void workers.stop(worker),
    show: trainings => store.update({ trainings }),
  },
  deviceViewSchemas,
);

const root = document.getElementById('root');
if (root) render(<App store={store} />, root);
void host.ready.asEvent();
