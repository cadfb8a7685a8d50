import { layerInfo, layerTypes } from '../../engine/model/layerFields.ts';
import { layerShapes } from '../../engine/model/shapes.ts';
import { Icon } from '../kit/button.tsx';
import { startDrag, type FrameRef } from './dragging.ts';
import { addLayer } from './layerEdits.ts';
import { LayerGlyph } from './layerGlyph.tsx';
import { paletteLook } from './layerLook.ts';
import { inputsOf, isEditable, validSelection, type Designer, type Selection, type ViewState } from './state.ts';

interface PaletteProps {
  readonly designer: Designer;
  readonly state: ViewState;
  readonly frame: FrameRef;
}

/** Layers to drag into the network, and the network as a list. */
export function Palette({ designer, state, frame }: PaletteProps) {
  const model = state.host?.model;
  const layers = model?.layers ?? [];
  const selected = validSelection(state.selection, model);
  const editable = isEditable(state.host);
  const shapes = layerShapes(layers, state.host ? inputsOf(state.host) : 1);
  const end = selected.kind === 'layer' ? selected.index + 1 : selected.kind === 'data' ? 0 : layers.length;
  return (
    <nav class="palette" aria-label="Layers">
      <div class="h">Layers</div>
      {layerTypes.map(type => (
        <button
          key={type}
          type="button"
          class="item grab"
          disabled={!editable}
          title={`${layerInfo[type].title}: drag it between two layers, or press Enter to add it after the selection`}
          onPointerDown={event => startDrag(event, designer, frame, { from: undefined, layer: paletteLook(type) })}
          onKeyDown={event => {
            if (event.key !== 'Enter' && event.key !== ' ') return;
            event.preventDefault();
            addLayer(designer, layers, end, type);
          }}
          data-testid={`palette-${type}`}
        >
          <LayerGlyph type={type} />
          <span class="word">{layerInfo[type].title}</span>
        </button>
      ))}
      <div class="rule" />
      <div class="outline">
        <div class="h">Outline</div>
        <OutlineItem
          designer={designer}
          target={{ kind: 'data' }}
          selected={selected}
          name="data"
          figure={state.host ? String(inputsOf(state.host)) : ''}
        />
        {layers.map((layer, index) => (
          <OutlineItem
            key={layer.id}
            designer={designer}
            target={{ kind: 'layer', index }}
            selected={selected}
            name={layer.id}
            figure={String(shapes[index]?.outputs ?? '')}
            problem={state.host?.issues.some(({ path }) => path[0] === 'layers' && path[1] === index) ?? false}
          />
        ))}
        <OutlineItem designer={designer} target={{ kind: 'loss' }} selected={selected} name="loss" figure="" />
      </div>
    </nav>
  );
}

interface OutlineItemProps {
  readonly designer: Designer;
  readonly target: Selection;
  readonly selected: Selection;
  readonly name: string;
  readonly figure: string;
  readonly problem?: boolean;
}

function OutlineItem({ designer, target, selected, name, figure, problem = false }: OutlineItemProps) {
  const isSelected = JSON.stringify(target) === JSON.stringify(selected);
  return (
    <button
      type="button"
      class={`item${isSelected ? ' selected' : ''}`}
      aria-current={isSelected}
      onClick={() => designer.select(target)}
    >
      <span class="word">{name}</span>
      {problem && <Icon name="warning" class="warnc" />}
      <span class="number">{figure}</span>
    </button>
  );
}
