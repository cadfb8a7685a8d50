import type { Issue } from '../../engine/model/issues.ts';
import { layerInfo } from '../../engine/model/layerFields.ts';
import type { LayerPath } from '../../engine/model/layerPaths.ts';
import type { LayerChange } from '../../engine/model/modelChanges.ts';
import type { Layer } from '../../engine/model/schema.ts';
import { t, tableText } from '../kit/language.ts';
import { countText } from '../kit/numberText.ts';
import { Badge, ChangeMark, Foot, Head, shorten } from './columnParts.tsx';
import { startDrag, type FrameRef } from './dragging.ts';
import { columnWidth, nodeRadius, type Block, type Column, type Picture } from './geometry.ts';
import { removeLayers, setUnits } from './layerEdits.ts';
import { detailOf, lookOf } from './layerLook.ts';
import { startResize } from './resizing.ts';
import { clicked, isSelected, pathKey, selectLayer } from './selection.ts';
import type { Designer } from './state.ts';

interface InputColumnProps {
  readonly column: Column;
  readonly picture: Picture;
  readonly names: readonly string[];
}

/** Pixels that a name needs above its node. */
const nameHeight = 14;

/** The features as they enter the network. */
export function InputColumn({ column, picture, names }: InputColumnProps) {
  const { x, units, nodes } = column;
  // Nodes that stand close leave no room for a name above them.
  const [first, second] = nodes;
  const isTight = first !== undefined && second !== undefined && second.y - first.y < 2 * nodeRadius + nameHeight;
  const place = (y: number) =>
    isTight
      ? ({ x: x - nodeRadius - 5, y: y - 4, 'text-anchor': 'end' } as const)
      : ({ x, y: y - nodeRadius - 5, 'text-anchor': 'middle' } as const);
  return (
    <g aria-hidden="true">
      <Head x={x} top={picture.columnTop} name="input" detail={countText(units)} />
      {nodes.map(
        ({ y, unit }) =>
          unit !== undefined && (
            <text key={unit} class="tick" {...place(y)}>
              {shorten(names[unit] ?? `x${unit + 1}`, isTight ? 10 : 14)}
            </text>
          ),
      )}
      <Foot x={x} bottom={picture.columnBottom} figure={`[N, ${units}]`} detail="" />
    </g>
  );
}

/** What every layer of the picture is drawn with. */
export interface LayerProps {
  readonly layer: Layer;
  readonly path: LayerPath;
  readonly name: string;
  readonly parameters: string;
  readonly picture: Picture;
  readonly severity: Issue['severity'] | undefined;
  readonly change: LayerChange | undefined;
  readonly selected: boolean;
  /** The pointer holds it somewhere else. */
  readonly inHand: boolean;
  readonly editable: boolean;
  readonly designer: Designer;
  readonly frame: FrameRef;
}

/**
 * Selects on press, as VS Code's lists do. A press on one of several may begin a drag of all of them; let go
 * where it was, it selects that one.
 */
function press(event: PointerEvent, { designer, frame, layer, path }: LayerProps, units: number): void {
  const { selection } = designer.store.state;
  const keys = { toggles: event.ctrlKey || event.metaKey, extends: event.shiftKey };
  const chooses = keys.toggles || keys.extends;
  if (chooses || !isSelected(selection, path)) designer.select(clicked(selection, path, keys));
  event.stopPropagation();
  const now = designer.store.state.selection;
  startDrag(event, designer, frame, {
    moving: now.kind === 'layers' && isSelected(now, path) ? now.paths : [path],
    layer: lookOf(layer, units),
    clicked: () => {
      if (!chooses) designer.select(selectLayer(...path));
    },
  });
}

/** Attributes that every layer has for keyboard, screen reader and test. */
const optionOf = ({ path, name, selected, inHand, change, layer, parameters }: LayerProps, units: number) => ({
  class: `column${selected ? ' selected' : ''}${inHand ? ' in-hand' : ''}${change ? ` ${change}` : ''}`,
  id: `column-${pathKey(path)}`,
  role: 'option' as const,
  'aria-selected': selected,
  'aria-label':
    t(
      '{0}: {1}, {2} units, {3}, {4} parameters',
      name,
      tableText(layerInfo[layer.type].title),
      units,
      detailOf(layer),
      parameters,
    ) + (change ? `, ${change}` : ''),
  'data-testid': `layer-${name}`,
});

interface LayerColumnProps extends LayerProps {
  readonly column: Column;
  /** Names of the outputs, drawn beside the nodes of the last layer. */
  readonly outputNames: readonly string[];
}

/** One layer: what can be touched and read of its column. Its nodes are painted. */
export function LayerColumn(props: LayerColumnProps) {
  const { layer, column, picture, parameters, outputNames, selected, severity, change, editable, designer, frame } =
    props;
  const { x, units, nodes } = column;
  const { columnTop: top, columnBottom: bottom } = picture;
  const named = outputNames.length === units && units === nodes.length;
  return (
    <g {...optionOf(props, units)} onPointerDown={event => press(event, props, units)}>
      <g aria-hidden="true">
        <rect class="frame" x={x - columnWidth / 2} y={top} width={columnWidth} height={bottom - top} rx="6" />
        <Head x={x} top={top} name={layer.id} detail={detailOf(layer)} />
        {named &&
          nodes.map(({ y }, i) => (
            <text key={i} class="tick" x={x + nodeRadius + 5} y={y - 5}>
              {shorten(outputNames[i] ?? '', 9)}
            </text>
          ))}
        <Foot x={x} bottom={bottom} figure={countText(units)} detail={t('{0} par.', parameters)} short={parameters} />
        {editable && layer.type === 'dense' && <UnitSteps {...props} />}
        {editable && <RemoveMark {...{ designer, top }} path={props.path} left={x - columnWidth / 2} />}
        {severity && <Badge x={x + columnWidth / 2} y={top} severity={severity} />}
        {change && <ChangeMark x={x - columnWidth / 2} y={top} change={change} />}
        {selected && editable && layer.type === 'dense' && (
          <g
            class="grip"
            data-testid="resize-grip"
            onPointerDown={event => startResize(event, designer, props.path, units, frame.current?.viewport.scale ?? 1)}
          >
            <rect class="reach" x={x - 24} y={bottom - 8} width="48" height="16" />
            <rect class="bar-grip" x={x - 11} y={bottom - 3} width="22" height="6" rx="3" />
          </g>
        )}
      </g>
    </g>
  );
}

/** − and + on both sides of the units, there while the pointer is on the column; arrows up and down do the same. */
function UnitSteps({ designer, path, column: { x, units }, picture }: LayerColumnProps) {
  const step = (event: PointerEvent, by: number) => {
    if (event.button !== 0) return;
    event.stopPropagation();
    setUnits(designer, path, units + by);
  };
  const y = picture.columnBottom - 30;
  return (
    <g class="unit-steps">
      <g data-testid="step-fewer" onPointerDown={event => step(event, -1)}>
        <rect x={x - 36} y={y - 12} width="24" height="24" rx="3" />
        <path d={`M${x - 28} ${y}h8`} />
      </g>
      <g data-testid="step-more" onPointerDown={event => step(event, 1)}>
        <rect x={x + 12} y={y - 12} width="24" height="24" rx="3" />
        <path d={`M${x + 20} ${y}h8M${x + 24} ${y - 4}v8`} />
      </g>
    </g>
  );
}

interface RemoveMarkProps extends Pick<LayerProps, 'designer' | 'path'> {
  /** The upper left corner of what it removes. */
  readonly left: number;
  readonly top: number;
}

/** × at the corner of a column or a block, there while the pointer is on it; Delete does the same for what is selected. */
function RemoveMark({ designer, path, ...corner }: RemoveMarkProps) {
  const remove = (event: PointerEvent) => {
    if (event.button !== 0) return;
    event.stopPropagation();
    removeLayers(designer, [path]);
  };
  const [left, middle] = [corner.left - 2, corner.top + 2];
  return (
    <g class="unit-steps remove" data-testid="remove-column" onPointerDown={remove}>
      <g>
        <title>{t('Remove this layer')}</title>
        <circle cx={left} cy={middle} r="9" />
        <path d={`M${left - 3.5} ${middle - 3.5}l7 7M${left + 3.5} ${middle - 3.5}l-7 7`} />
      </g>
    </g>
  );
}

interface BlockCardProps extends LayerProps {
  readonly block: Block;
}

/** A residual block: its head can be pressed and dragged, its inner layers are layers of their own. */
export function BlockCard(props: BlockCardProps) {
  const { designer, layer, path, block, severity, change, editable } = props;
  const { left, right, top, bottom, sum, from } = block;
  const middle = (left + 40 + sum.x) / 2;
  const skip = t('skip · [{0}]', countText(from.units));
  const ground = Math.max(60, skip.length * 6);
  return (
    <g {...optionOf(props, sum.units)} onPointerDown={event => press(event, props, sum.units)}>
      <g aria-hidden="true">
        <rect class="frame" x={left} y={top} width={right - left} height={bottom - top} rx="6" />
        <text class="name" x={left + 10} y={top + 18}>
          {layer.id}
        </text>
        <text class="formula-label" x={right - 10} y={top + 18} text-anchor="end">
          <tspan font-style="italic">y</tspan> = <tspan font-style="italic">F</tspan>(
          <tspan font-style="italic">x</tspan>) + <tspan font-style="italic">x</tspan>
        </text>
        <rect class="label-ground" x={middle - ground / 2} y={top + 28} width={ground} height="16" />
        <text class="tick" x={middle} y={top + 40} text-anchor="middle">
          {skip}
        </text>
        <rect
          class="sum"
          x={sum.x - 11}
          y={(sum.nodes[0]?.y ?? 0) - nodeRadius - 3}
          width="22"
          height={(sum.nodes.at(-1)?.y ?? 0) - (sum.nodes[0]?.y ?? 0) + 2 * nodeRadius + 6}
          rx="11"
        />
        {editable && <RemoveMark {...{ designer, path, left, top }} />}
        {severity && <Badge x={right} y={top} severity={severity} />}
        {change && <ChangeMark x={left} y={top} change={change} />}
      </g>
    </g>
  );
}
