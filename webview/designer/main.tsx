import './main.css';
import { render } from 'preact';
import { designerSchemas, type DesignerToHost, type HostToDesigner } from '../../engine/protocol/views.ts';
import { connectHost, recall, remember } from '../kit/hostPort.ts';
import { Store } from '../kit/store.ts';
import { App } from './app.tsx';
import { keepView, keptView } from './keptView.ts';
import { follow, leadOf, nameOf, selectLayer, selectNamed } from './selection.ts';
import type { Designer, LiveState, ViewState } from './state.ts';

const kept = keptView(recall());
const store = new Store<ViewState>({
  host: undefined,
  runState: 'idle',
  progress: undefined,
  resumable: false,
  kept: false,
  selection: kept?.selection ?? selectLayer(0),
  folds: kept?.folds ?? {},
  drag: undefined,
  resize: undefined,
  viewport: kept?.viewport,
  announcement: '',
});
const live = new Store<LiveState>({ sample: undefined, origin: 'first' });

/** Marks when something was reached, for whoever measures the opening in Chromium's trace. */
const reached = (what: string) => performance.mark(`mlpStudio.${what}`);
reached('script');

/** Names of the layers that a gesture has chosen to be selected in the model that is to come. */
let selecting: readonly string[] = [];

const host = connectHost<DesignerToHost, HostToDesigner>(
  {
    show: state => {
      const { selection, host: before } = store.state;
      const chosen = state.model && selectNamed(state.model, selecting);
      if (chosen) selecting = [];
      if (!before) reached('told');
      store.update({
        host: state,
        resize: undefined,
        selection: chosen ?? follow(selection, before?.model, state.model),
      });
      // The frame after the next one begins when the picture is on the screen.
      if (!before) requestAnimationFrame(() => requestAnimationFrame(() => reached('drawn')));
    },
    runState: (runState, progress, resumable, isKept) =>
      store.update({ runState, progress: progress ?? undefined, resumable, kept: isKept }),
    network: (sample, origin) => {
      live.update({ sample, origin });
      // The next sample is worth computing only when this one is on the screen.
      requestAnimationFrame(() => void host.acknowledgeNetwork.asEvent());
    },
    reveal: name => {
      const { model } = store.state.host ?? {};
      const selection = model && selectNamed(model, [name]);
      if (selection) store.update({ selection });
    },
  },
  designerSchemas,
);

const designer: Designer = {
  store,
  live,
  host,
  select: selection => {
    selecting = [];
    store.update({ selection });
  },
  announce: announcement => store.update({ announcement }),
  edit: (edit, announcement, names = []) => {
    selecting = names;
    store.update({ announcement });
    void host.edit.asEvent(edit);
  },
};

/** The layer that the host knows to be selected. */
let told = '';
store.subscribe(() => {
  const { selection, host: shown } = store.state;
  const path = leadOf(selection);
  const name = path && shown?.model ? nameOf(shown.model.layers, path) : '';
  if (name === '' || name === told) return;
  told = name;
  void host.selected.asEvent(name);
});
keepView(store, remember);

const root = document.getElementById('root');
if (root) render(<App designer={designer} />, root);
void host.ready.asEvent();
