import { useEffect, useState } from 'preact/hooks';
import { layerInfo, layerTypes } from '../../engine/model/layerFields.ts';
import { Icon } from '../kit/button.tsx';
import { t, tableText } from '../kit/language.ts';
import { addLayer } from './layerEdits.ts';
import { LayerGlyph } from './layerGlyph.tsx';
import { Menu, MenuItem } from './menu.tsx';
import { placeAfter } from './selection.ts';
import { isEditable, lockReason, type Designer, type ViewState } from './state.ts';

/** *+ Layer*: a list of layer types; the one chosen comes after the selection. The key + opens it anywhere. */
export function AddMenu({ designer, state }: { readonly designer: Designer; readonly state: ViewState }) {
  const [open, setOpen] = useState(false);
  const editable = isEditable(state);
  const layers = state.host?.model?.layers ?? [];
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key === '+' && !isTyping(event) && editable) setOpen(true);
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, [editable]);
  return (
    <Menu
      open={open}
      onOpen={setOpen}
      label={t('Layer')}
      title={lockReason(state) ?? t('Add a layer after the selection (+)')}
      disabled={!editable}
      testId="add-layer"
      face={
        <>
          <Icon name="add" />
          <span class="last-label">{t('Layer')}</span>
        </>
      }
    >
      {layerTypes.map(type => (
        <MenuItem key={type} onChoose={() => addLayer(designer, placeAfter(state.selection, layers), type)}>
          <LayerGlyph type={type} />
          <span>{tableText(layerInfo[type].title)}</span>
        </MenuItem>
      ))}
    </Menu>
  );
}

/** Whether a key goes into a field. */
export function isTyping(event: KeyboardEvent): boolean {
  const target = event.composedPath()[0];
  return target instanceof HTMLInputElement && target.type !== 'range' && target.type !== 'checkbox';
}
