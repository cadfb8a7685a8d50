import { layerAt, outermost } from '../../engine/model/layerPaths.ts';
import { t } from '../kit/language.ts';
import { pasteLayers, removeLayers } from './layerEdits.ts';
import { layersInText, written } from './newLayers.ts';
import { placeAfter, selectedPaths } from './selection.ts';
import { isEditable, type Designer } from './state.ts';

/**
 * Copies, cuts and pastes layers as JSON, so that they go from one model into another, or into its text.
 * A field keeps the clipboard for its own text.
 */
export function listenToClipboard(designer: Designer): void {
  const { store } = designer;
  const inField = (event: ClipboardEvent) => event.composedPath().some(target => target instanceof HTMLInputElement);
  const layers = () => store.state.host?.model?.layers ?? [];

  const copy = (event: ClipboardEvent) => {
    const paths = outermost(selectedPaths(store.state.selection));
    const copied = paths.flatMap(path => {
      const layer = layerAt(layers(), path);
      return layer ? [written(layer)] : [];
    });
    if (inField(event) || copied.length === 0) return;
    event.preventDefault();
    event.clipboardData?.setData('text/plain', JSON.stringify(copied, null, 2));
    const names = copied.map(({ id }) => id).join(', ');
    if (event.type === 'cut' && isEditable(store.state)) removeLayers(designer, paths);
    else designer.announce(t('Copied {0}.', names));
  };
  const paste = (event: ClipboardEvent) => {
    if (inField(event) || !isEditable(store.state)) return;
    const pasted = layersInText(event.clipboardData?.getData('text/plain') ?? '');
    event.preventDefault();
    if (pasted) pasteLayers(designer, placeAfter(store.state.selection, layers()), pasted);
    else designer.announce(t('The clipboard holds no layer.'));
  };
  document.addEventListener('copy', copy);
  document.addEventListener('cut', copy);
  document.addEventListener('paste', paste);
}
