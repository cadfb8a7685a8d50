import { useEffect, useRef, useState } from 'preact/hooks';
import { layerInfo, layerTypes } from '../../engine/model/layerFields.ts';
import { Icon } from '../kit/button.tsx';
import { addLayer } from './layerEdits.ts';
import { LayerGlyph } from './layerGlyph.tsx';
import { placeAfter } from './selection.ts';
import { isEditable, lockReason, type Designer, type ViewState } from './state.ts';

/** *+ Layer*: a list of layer types; the one chosen comes after the selection. The key + opens it anywhere. */
export function AddMenu({ designer, state }: { readonly designer: Designer; readonly state: ViewState }) {
  const [open, setOpen] = useState(false);
  const list = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const editable = isEditable(state);
  const layers = state.host?.model?.layers ?? [];

  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key === '+' && !isTyping(event) && editable) setOpen(true);
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, [editable]);
  useEffect(() => {
    if (open) list.current?.querySelector('button')?.focus();
  }, [open]);

  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  return (
    <div
      class="menu-holder"
      onFocusOut={event => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOpen(false);
      }}
      onKeyDown={event => {
        if (event.key === 'Escape' && open) close();
      }}
    >
      <button
        ref={button}
        type="button"
        class="btn"
        disabled={!editable}
        aria-haspopup="menu"
        aria-expanded={open}
        title={lockReason(state) ?? 'Add a layer after the selection (+)'}
        onClick={() => setOpen(!open)}
        data-testid="add-layer"
      >
        <Icon name="add" /> Layer
      </button>
      {open && (
        <div class="menu" role="menu" ref={list}>
          {layerTypes.map(type => (
            <button
              key={type}
              type="button"
              role="menuitem"
              class="item"
              onClick={() => {
                addLayer(designer, placeAfter(state.selection, layers), type);
                close();
              }}
            >
              <LayerGlyph type={type} />
              <span>{layerInfo[type].title}</span>
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

/** Whether a key goes into a field. */
export function isTyping(event: KeyboardEvent): boolean {
  const target = event.composedPath()[0];
  return target instanceof HTMLInputElement && target.type !== 'range' && target.type !== 'checkbox';
}
