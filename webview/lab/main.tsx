import './main.css';
import { render } from 'preact';
import { labSchemas, type HostToLab, type LabToHost } from '../../engine/protocol/views.ts';
import { connectHost, recall, remember } from '../kit/hostPort.ts';
import { Store } from '../kit/store.ts';
import { App } from './app.tsx';
import { Lab } from './lab.ts';
import { keepLab, recalled } from './keptLab.ts';
import { forward } from './toolbar.tsx';
import { runWithFrames } from './usePlayback.ts';

const host = connectHost<LabToHost, HostToLab>(
  {
    model: (model, problem) => lab.knowModel(model, problem),
    origins: (origins, exploring) => lab.knowOrigins(origins, exploring),
    showNetwork: origin => void lab.showNetwork(origin),
    explored: event => lab.learn(event),
  },
  labSchemas,
);
const { state, speed, camera } = recalled(recall());
const lab = new Lab(new Store(state), host);
if (speed !== undefined) lab.playback.setSpeed(speed);
if (camera) lab.camera = camera;
keepLab(lab, remember);
runWithFrames(lab.playback);

window.addEventListener('keydown', event => {
  if (event.key !== 'F10') return;
  event.preventDefault();
  forward(lab);
});

const root = document.getElementById('root');
if (root) render(<App lab={lab} />, root);
void host.ready.asEvent();
void lab.run();
