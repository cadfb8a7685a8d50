import type { Issue } from '../../engine/model/issues.ts';
import { layerInfo, type Activation } from '../../engine/model/layerFields.ts';
import type { Layer } from '../../engine/model/schema.ts';
import { curveOf } from '../kit/activationCurve.ts';
import { countText } from '../kit/numberText.ts';
import { startDrag, type FrameRef } from './dragging.ts';
import { columnWidth, nodeRadius, type Column, type DrawnNode, type Picture } from './geometry.ts';
import { lookOf } from './layerLook.ts';
import type { Designer, Drag } from './state.ts';

interface InputColumnProps {
  readonly column: Column;
  readonly picture: Picture;
  readonly names: readonly string[];
}

/** The features as they enter the network. */
export function InputColumn({ column, picture, names }: InputColumnProps) {
  return (
    <g aria-hidden="true">
      <Head x={column.x} top={picture.top} name="input" detail={countText(column.units)} />
      {column.nodes.map((node, i) => (
        <g key={i}>
          <title>{node.stands === 1 ? (names[i] ?? `x${i + 1}`) : `${node.stands} more`}</title>
          <Node x={column.x} node={node} />
        </g>
      ))}
      <Foot x={column.x} bottom={picture.bottom} figure={`[N, ${column.units}]`} detail="" />
    </g>
  );
}

interface LayerColumnProps {
  readonly layer: Layer;
  readonly index: number;
  readonly column: Column;
  readonly picture: Picture;
  readonly parameters: string;
  /** Names of the outputs, drawn beside the nodes of the last layer. */
  readonly outputNames: readonly string[];
  readonly selected: boolean;
  /** The pointer holds it somewhere else. */
  readonly inHand: boolean;
  readonly severity: Issue['severity'] | undefined;
  readonly designer: Designer;
  readonly frame: FrameRef;
}

/** One layer as a column of nodes, each showing its activation. */
export function LayerColumn(props: LayerColumnProps) {
  const { layer, index, column, picture, parameters, outputNames, selected, inHand, severity, designer, frame } = props;
  const { x } = column;
  const height = picture.bottom - picture.top;
  const look = lookOf(layer, column.units);
  const named = outputNames.length === look.units && look.units === column.nodes.length;
  return (
    <g
      class={`column${selected ? ' selected' : ''}${inHand ? ' in-hand' : ''}`}
      id={`column-layer-${index}`}
      role="option"
      aria-selected={selected}
      aria-label={`${layer.id}: ${layerInfo[layer.type].title}, ${look.units} units, ${look.detail}, ${parameters} parameters`}
      data-grab
      data-testid={`layer-${layer.id}`}
      onPointerDown={event => {
        designer.select({ kind: 'layer', index });
        startDrag(event, designer, frame, { from: index, layer: look });
      }}
    >
      <g aria-hidden="true">
        <rect class="frame" x={x - columnWidth / 2} y={picture.top} width={columnWidth} height={height} rx="6" />
        <Head x={x} top={picture.top} name={layer.id} detail={look.detail} />
        {column.nodes.map((node, i) => (
          <Node key={i} x={x} node={node} activation={layer.type === 'dense' ? layer.activation : 'identity'} />
        ))}
        {named &&
          column.nodes.map(({ y }, i) => (
            <text key={i} class="tick" x={x + nodeRadius + 5} y={y - 5}>
              {shorten(outputNames[i] ?? '', 9)}
            </text>
          ))}
        <Foot x={x} bottom={picture.bottom} figure={countText(look.units)} detail={`${parameters} par.`} />
        {severity && <Badge x={x + columnWidth / 2} y={picture.top} severity={severity} />}
      </g>
    </g>
  );
}

interface SlotColumnProps {
  readonly column: Column;
  readonly picture: Picture;
  readonly drag: Drag;
}

/** The open gap, shaped like the layer that would fall into it. */
export function SlotColumn({ column: { x, nodes }, picture, drag: { layer } }: SlotColumnProps) {
  return (
    <g class="slot" aria-hidden="true" data-testid="slot">
      <rect x={x - columnWidth / 2} y={picture.top} width={columnWidth} height={picture.bottom - picture.top} rx="6" />
      {nodes.map(({ y }, i) => (
        <circle key={i} cx={x} cy={y} r={nodeRadius - 4} />
      ))}
      <Foot x={x} bottom={picture.bottom} figure={countText(layer.units)} detail={layer.detail} />
    </g>
  );
}

interface NodeProps {
  readonly x: number;
  readonly node: DrawnNode;
  readonly activation?: Activation;
}

const glyph = { width: 18, height: 14 };

function Node({ x, node: { y, stands }, activation }: NodeProps) {
  if (stands > 1)
    return (
      <g class="ellipsis">
        <circle cx={x} cy={y - 5} r="1.6" />
        <circle cx={x} cy={y} r="1.6" />
        <circle cx={x} cy={y + 5} r="1.6" />
        <text class="tick" x={x + nodeRadius - 2} y={y + 3.5}>
          +{countText(stands)}
        </text>
      </g>
    );
  return (
    <g class="node">
      <circle cx={x} cy={y} r={nodeRadius} />
      {activation && (
        <path
          d={curveOf(activation, glyph.width, glyph.height)}
          transform={`translate(${x - glyph.width / 2} ${y - glyph.height / 2})`}
        />
      )}
    </g>
  );
}

function Head({
  x,
  top,
  name,
  detail,
}: {
  readonly x: number;
  readonly top: number;
  readonly name: string;
  readonly detail: string;
}) {
  return (
    <>
      <text class="name" x={x} y={top + 18} text-anchor="middle">
        {shorten(name, 10)}
        <title>{name}</title>
      </text>
      <text class="sub" x={x} y={top + 33} text-anchor="middle">
        {detail}
      </text>
    </>
  );
}

function Foot({
  x,
  bottom,
  figure,
  detail,
}: {
  readonly x: number;
  readonly bottom: number;
  readonly figure: string;
  readonly detail: string;
}) {
  return (
    <>
      <text class="figure" x={x} y={bottom - 26} text-anchor="middle">
        {figure}
      </text>
      <text class="tick" x={x} y={bottom - 11} text-anchor="middle">
        {detail}
      </text>
    </>
  );
}

function Badge({ x, y, severity }: { readonly x: number; readonly y: number; readonly severity: Issue['severity'] }) {
  return (
    <g class={`badge ${severity}`} transform={`translate(${x} ${y})`}>
      <circle r="10" />
      <path d="M0 -5V1.5M0 4V5" />
    </g>
  );
}

const shorten = (text: string, length: number): string =>
  text.length > length ? `${text.slice(0, length - 1)}…` : text;
