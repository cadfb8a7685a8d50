import { layerInfo, layerTypes, type LayerType } from '../../engine/model/layerFields.ts';
import type { Model } from '../../engine/model/schema.ts';
import { layerShapes, type LayerShape } from '../../engine/model/shapes.ts';
import { fileKinds, type FileKind } from '../../engine/protocol/views.ts';
import { Icon } from '../kit/button.tsx';
import { t, tableText } from '../kit/language.ts';
import { countText } from '../kit/numberText.ts';
import { DataSets } from './dataSets.tsx';
import { startDrag, type FrameRef } from './dragging.ts';
import { addLayer } from './layerEdits.ts';
import { LayerGlyph } from './layerGlyph.tsx';
import { paletteLook } from './layerLook.ts';
import { clicked, isSelected, issuesOfLayer, namedLayers, placeAfter } from './selection.ts';
import { inputsOf, isEditable, lockReason, type Designer, type ViewState } from './state.ts';

interface PaletteProps {
  readonly designer: Designer;
  readonly state: ViewState;
  readonly frame: FrameRef;
}

/** Layers to drag into the network, data to learn from, and the network as a list. */
export function Palette({ designer, state, frame }: PaletteProps) {
  const model = state.host?.model;
  return (
    <nav class="palette" aria-label={t('Layers and data')}>
      <div class="h">{t('Layers')}</div>
      {layerTypes.map(type => (
        <LayerItem key={type} type={type} designer={designer} state={state} frame={frame} />
      ))}
      <div class="rule" />
      <div class="h">{t('Data')}</div>
      <DataItems designer={designer} state={state} />
      {model && <Outline designer={designer} state={state} model={model} />}
    </nav>
  );
}

function LayerItem({ type, designer, state, frame }: PaletteProps & { readonly type: LayerType }) {
  const [title, use] = [tableText(layerInfo[type].title), tableText(layerInfo[type].use)];
  const locked = lockReason(state);
  const layers = state.host?.model?.layers ?? [];
  const add = () => addLayer(designer, placeAfter(state.selection, layers), type);
  return (
    <button
      type="button"
      class="item grab"
      disabled={locked !== undefined}
      title={locked ?? t('{0}. {1} Drag it between two layers, or press it to add it after the selection.', title, use)}
      onPointerDown={event =>
        startDrag(event, designer, frame, { moving: [], layer: paletteLook(type), fresh: type, clicked: add })
      }
      onKeyDown={event => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        add();
      }}
      data-testid={`palette-${type}`}
    >
      <LayerGlyph type={type} />
      <span class="word">{title}</span>
    </button>
  );
}

/** What a network can learn from; the fields of each are in the inspector. */
function DataItems({ designer, state }: Omit<PaletteProps, 'frame'>) {
  const editable = isEditable(state) && (state.host?.trusted ?? false);
  return (
    <>
      <DataSets designer={designer} state={state} />
      {fileKinds.map(kind => (
        <button
          key={kind}
          type="button"
          class="item"
          disabled={!editable}
          title={fileItems[kind].title}
          onClick={() => void designer.host.chooseData.asEvent(kind)}
          data-testid={`palette-${kind}`}
        >
          <Icon name={fileItems[kind].icon} />
          <span class="word">{fileItems[kind].word}</span>
        </button>
      ))}
    </>
  );
}

const fileItems: Record<FileKind, { readonly icon: string; readonly word: string; readonly title: string }> = {
  csv: {
    icon: 'table',
    word: t('Table (CSV)'),
    title: t(
      'Table: a CSV file. Press it to choose one, or drop one anywhere on the designer (from the explorer with Shift held).',
    ),
  },
  idx: { icon: 'file-media', word: t('Images (IDX)'), title: t('Images: two IDX files, the images and their labels.') },
  npy: { icon: 'array', word: t('Arrays (NPY)'), title: t('Arrays: two NPY files, the features and the targets.') },
};

interface OutlineProps extends Omit<PaletteProps, 'frame'> {
  readonly model: Model;
}

/** The network as a list, inner layers set in. */
function Outline({ designer, state, model }: OutlineProps) {
  const { host, selection } = state;
  const inputs = host ? inputsOf(host) : 1;
  const shapes = flatShapes(layerShapes(model.layers, inputs));
  return (
    <div class="outline">
      <div class="rule" />
      <div class="h">{t('Outline')}</div>
      <OutlineItem
        name={t('data')}
        figure={countText(inputs)}
        selected={selection.kind === 'data'}
        onSelect={() => designer.select({ kind: 'data' })}
      />
      {namedLayers(model.layers).map(({ layer, path, name }, i) => (
        <OutlineItem
          key={name + path.join('.')}
          name={layer.id}
          depth={path.length - 1}
          figure={countText(shapes[i]?.outputs ?? 0)}
          selected={isSelected(selection, path)}
          problem={issuesOfLayer(host?.issues ?? [], path).length > 0}
          onSelect={event =>
            designer.select(
              clicked(selection, path, { toggles: event.ctrlKey || event.metaKey, extends: event.shiftKey }),
            )
          }
        />
      ))}
      <OutlineItem
        name={t('loss')}
        figure=""
        selected={selection.kind === 'loss'}
        onSelect={() => designer.select({ kind: 'loss' })}
      />
    </div>
  );
}

const flatShapes = (shapes: readonly LayerShape[]): readonly LayerShape[] =>
  shapes.flatMap(shape => [shape, ...flatShapes(shape.inner)]);

interface OutlineItemProps {
  readonly name: string;
  readonly figure: string;
  readonly selected: boolean;
  readonly onSelect: (event: MouseEvent) => void;
  readonly depth?: number;
  readonly problem?: boolean;
}

function OutlineItem({ name, figure, selected, onSelect, depth = 0, problem = false }: OutlineItemProps) {
  return (
    <button
      type="button"
      class={`item${selected ? ' selected' : ''}`}
      style={{ paddingLeft: `${12 + 12 * depth}px` }}
      aria-current={selected}
      onClick={onSelect}
    >
      <span class="word">{name}</span>
      {problem && <Icon name="warning" class="warnc" />}
      <span class="number">{figure}</span>
    </button>
  );
}
