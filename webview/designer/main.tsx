import './main.css';
import { render } from 'preact';
import { designerSchemas, type DesignerToHost, type HostToDesigner } from '../../engine/protocol/views.ts';
import { connectHost } from '../kit/hostPort.ts';
import { Store } from '../kit/store.ts';
import { App } from './app.tsx';
import { validSelection, type Designer, type ViewState } from './state.ts';

const store = new Store<ViewState>({
  host: undefined,
  runState: 'idle',
  selection: { kind: 'layer', index: 0 },
  drag: undefined,
  announcement: '',
});

const host = connectHost<DesignerToHost, HostToDesigner>(
  {
    show: state => {
      const { model } = state;
      // The selection follows its layer when the text has moved it.
      const { selection, host: before } = store.state;
      const id = selection.kind === 'layer' && before?.model ? before.model.layers[selection.index]?.id : undefined;
      const index =
        id !== undefined && !pendingSelection ? (model?.layers.findIndex(layer => layer.id === id) ?? -1) : -1;
      pendingSelection = false;
      store.update({
        host: state,
        selection: index >= 0 ? { kind: 'layer', index } : validSelection(selection, model),
      });
    },
    runState: runState => store.update({ runState }),
    reveal: layerId => {
      const index = store.state.host?.model?.layers.findIndex(({ id }) => id === layerId) ?? -1;
      if (index >= 0) store.update({ selection: { kind: 'layer', index } });
    },
  },
  designerSchemas,
);

/** A gesture has chosen the selection for the model that is to come. */
let pendingSelection = false;

const designer: Designer = {
  store,
  host,
  select: selection => store.update({ selection }),
  announce: announcement => store.update({ announcement }),
  edit: (edit, announcement) => {
    pendingSelection = edit.kind !== 'setValue' && edit.kind !== 'removeValue';
    store.update({ announcement });
    void host.edit.asEvent(edit);
  },
};

const root = document.getElementById('root');
if (root) render(<App designer={designer} />, root);
void host.ready.asEvent();
