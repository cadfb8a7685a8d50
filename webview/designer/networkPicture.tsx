import type { Issue } from '../../engine/model/issues.ts';
import type { Model } from '../../engine/model/schema.ts';
import { layerShapes } from '../../engine/model/shapes.ts';
import type { DesignerState } from '../../engine/protocol/views.ts';
import { countText } from '../kit/numberText.ts';
import { DataCard, LossCard } from './cards.tsx';
import { InputColumn, LayerColumn, SlotColumn } from './columns.tsx';
import type { FrameRef } from './dragging.ts';
import {
  cardWidth,
  columnPitch,
  columnWidth,
  edgesPath,
  nodeRadius,
  type Column,
  type Gap,
  type layOut,
  type Viewport,
} from './geometry.ts';
import { inputsOf, type Designer, type Drag, type Selection } from './state.ts';

interface NetworkPictureProps {
  readonly designer: Designer;
  readonly host: DesignerState;
  readonly model: Model;
  readonly picture: ReturnType<typeof layOut>;
  /** Where the gaps are while none is open. */
  readonly gaps: readonly Gap[];
  readonly viewport: Viewport;
  readonly size: { readonly width: number; readonly height: number };
  readonly selection: Selection;
  readonly drag: Drag | undefined;
  readonly frame: FrameRef;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

/** The network from left to right: data, layers, loss. */
export function NetworkPicture(props: NetworkPictureProps) {
  const { designer, host, model, picture, gaps, viewport, size, selection, drag, frame, onKeyDown } = props;
  const shapes = layerShapes(model.layers, inputsOf(host));
  const columns = [picture.input, ...picture.layers];
  const isSelected = (index: number) => selection.kind === 'layer' && selection.index === index;
  const selectedId = selection.kind === 'layer' ? `layer-${selection.index}` : selection.kind;
  return (
    <svg
      class="network"
      width={size.width}
      height={size.height}
      role="listbox"
      aria-label="Network"
      aria-activedescendant={`column-${selectedId}`}
      tabindex={0}
      onKeyDown={onKeyDown}
    >
      <defs>
        <pattern id="dots" width="20" height="20" patternUnits="userSpaceOnUse">
          <circle cx="1" cy="1" r=".8" fill="var(--grid)" />
        </pattern>
      </defs>
      <rect width="100%" height="100%" fill="url(#dots)" />
      <g transform={`translate(${viewport.x} ${viewport.y}) scale(${viewport.scale})`}>
        <g class="edges" aria-hidden="true">
          <path d={fan(cardWidth, picture.input, -1)} />
          {columns.slice(1).map((column, i) => (
            <path
              key={i}
              class={isInterrupted(i, picture.slot !== undefined, drag) ? 'interrupted' : ''}
              d={edgesPath(columns[i] ?? picture.input, column)}
            />
          ))}
          <path d={fan(picture.lossX, columns.at(-1) ?? picture.input, 1)} />
        </g>
        {gaps.map(({ x }, i) => (
          <rect
            key={i}
            class="gap"
            data-testid={`gap-${i}`}
            x={x - (columnPitch - columnWidth) / 2}
            y={picture.top}
            width={columnPitch - columnWidth}
            height={picture.bottom - picture.top}
          />
        ))}
        <DataCard
          x={picture.dataX}
          model={model}
          host={host}
          selected={selection.kind === 'data'}
          onSelect={() => designer.select({ kind: 'data' })}
        />
        <InputColumn column={picture.input} picture={picture} names={host.data?.features ?? []} />
        {model.layers.map((layer, index) => {
          const column = picture.layers[index];
          const shape = shapes[index];
          if (!column || !shape) return null;
          return (
            <LayerColumn
              key={index}
              layer={layer}
              index={index}
              column={column}
              picture={picture}
              parameters={countText(shape.parameters)}
              outputNames={index === model.layers.length - 1 ? (host.data?.classes ?? []) : []}
              selected={isSelected(index)}
              inHand={drag?.from === index}
              severity={worst(host.issues, index)}
              designer={designer}
              frame={frame}
            />
          );
        })}
        {picture.slot && drag && <SlotColumn column={picture.slot} picture={picture} drag={drag} />}
        <LossCard
          x={picture.lossX}
          model={model}
          selected={selection.kind === 'loss'}
          onSelect={() => designer.select({ kind: 'loss' })}
        />
      </g>
    </svg>
  );
}

/** Edges that an open gap, or a layer lifted out, interrupts. `i` counts the edges from the input on. */
function isInterrupted(i: number, open: boolean, drag: Drag | undefined): boolean {
  if (!drag) return false;
  return (open && i === drag.gap) || (drag.from !== undefined && (i === drag.from || i === drag.from + 1));
}

/** Lines between a card and every node of a column; `side` is −1 for a card on the left. */
function fan(cardX: number, column: Column, side: 1 | -1): string {
  const end = column.x + side * (nodeRadius + 2);
  const middle = (cardX + end) / 2;
  return column.nodes.map(({ y }) => `M${cardX} 0C${middle} 0 ${middle} ${y} ${end} ${y}`).join('');
}

/** The worst that is wrong with a layer. */
function worst(issues: readonly Issue[], index: number): Issue['severity'] | undefined {
  const own = issues.filter(({ path }) => path[0] === 'layers' && path[1] === index);
  return own.find(({ severity }) => severity === 'error')?.severity ?? own[0]?.severity;
}
