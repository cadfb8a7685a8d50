import { useMemo } from 'preact/hooks';
import type { Issue } from '../../engine/model/issues.ts';
import { isWithin, samePath } from '../../engine/model/layerPaths.ts';
import type { RunProgress } from '../../engine/protocol/views.ts';
import { t } from '../kit/language.ts';
import { countText } from '../kit/numberText.ts';
import { DataCard, LossCard } from './cards.tsx';
import { BlockCard, InputColumn, LayerColumn, type LayerProps } from './columns.tsx';
import type { FrameRef } from './dragging.ts';
import { columnWidth, type Drawing, type Gap, type Picture } from './geometry.ts';
import { flatShapes, isSelected, issuesOfLayer, leadOf, namedLayers, pathKey } from './selection.ts';
import { inputNamesOf, type Designer, type Drag, type DrawableState, type Selection } from './state.ts';
import { seenSpan, type Size, type Viewport } from './viewport.ts';

interface NetworkPictureProps {
  readonly designer: Designer;
  readonly host: DrawableState;
  readonly drawing: Drawing;
  readonly picture: Picture;
  /** Where the gaps are while none is open. */
  readonly gaps: readonly Gap[];
  readonly viewport: Viewport;
  readonly size: Size;
  readonly selection: Selection;
  readonly drag: Drag | undefined;
  readonly progress: RunProgress | undefined;
  readonly editable: boolean;
  readonly frame: FrameRef;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

/** Columns are drawn for a stretch this much longer than the window, so that few are made while it moves. */
const stretch = 600;

/** The network from left to right: data, layers, loss. */
export function NetworkPicture(props: NetworkPictureProps) {
  const { designer, host, drawing, picture, gaps, viewport, size, selection, drag, progress, editable, frame } = props;
  const { left, right } = seenSpan(viewport, size);
  const from = Math.floor(left / stretch) * stretch - stretch;
  const to = Math.ceil(right / stretch) * stretch + stretch;
  const lead = leadOf(selection);
  // Moving the view changes nothing of what it shows: the same elements are only put elsewhere.
  const content = useMemo(
    () => (
      <>
        {gaps.map(({ place, x }) => (
          <rect
            key={pathKey([...place.block, place.index])}
            class="gap"
            data-testid={`gap-${pathKey([...place.block, place.index])}`}
            x={x - 14}
            y={picture.columnTop}
            width="28"
            height={picture.columnBottom - picture.columnTop}
          />
        ))}
        <DataCard
          model={host.model}
          host={host}
          selected={selection.kind === 'data'}
          onSelect={() => designer.select({ kind: 'data' })}
        />
        {picture.columns[0] && <InputColumn column={picture.columns[0]} picture={picture} names={inputNamesOf(host)} />}
        <Layers {...{ designer, host, drawing, picture, selection, drag, editable, frame, from, to }} />
        <LossCard
          x={picture.lossX}
          model={host.model}
          changed={host.changes?.cards.includes('loss') ?? false}
          progress={progress}
          selected={selection.kind === 'loss'}
          onSelect={() => designer.select({ kind: 'loss' })}
        />
      </>
    ),
    [designer, host, drawing, picture, gaps, selection, drag?.moving, progress, editable, frame, from, to],
  );
  return (
    <svg
      class="network"
      width={size.width}
      height={size.height}
      role="listbox"
      aria-label={t('Network')}
      aria-multiselectable="true"
      aria-activedescendant={`column-${lead ? pathKey(lead) : selection.kind}`}
      tabindex={0}
      onKeyDown={props.onKeyDown}
    >
      <g transform={`translate(${viewport.x} ${viewport.y}) scale(${viewport.scale})`}>{content}</g>
    </svg>
  );
}

interface LayersProps extends Omit<NetworkPictureProps, 'gaps' | 'viewport' | 'size' | 'progress' | 'onKeyDown'> {
  readonly from: number;
  readonly to: number;
}

function Layers(props: LayersProps) {
  const { designer, host, drawing, picture, selection, drag, editable, frame, from, to } = props;
  const columns = new Map(picture.columns.filter(({ kind }) => kind === 'layer').map(c => [pathKey(c.path), c]));
  const shapes = flatShapes(drawing.shapes);
  const last = drawing.layers.length - 1;
  const seen = (left: number, right: number) => right >= from && left <= to;
  return (
    <>
      {namedLayers(drawing.layers).map(({ layer, path, name }, i) => {
        const common: LayerProps = {
          designer,
          frame,
          picture,
          layer,
          path,
          name,
          editable,
          parameters: countText(shapes[i]?.parameters ?? 0),
          severity: worst(issuesOfLayer(host.issues, path)),
          change: host.changes?.layers[name],
          selected: isSelected(selection, path),
          inHand: drag?.moving.some(moving => isWithin(path, moving)) ?? false,
        };
        // The one that is held must not go: the pointer belongs to it.
        const stays = common.inHand;
        const block = picture.blocks.find(other => samePath(other.path, path));
        if (block)
          return (
            (stays || seen(block.left, block.right)) && <BlockCard key={pathKey(path)} {...common} block={block} />
          );
        const column = columns.get(pathKey(path));
        if (!column || !(stays || seen(column.x - columnWidth, column.x + columnWidth))) return null;
        const outputNames = path.length === 1 && path[0] === last ? (host.data?.classes ?? []) : [];
        return <LayerColumn key={pathKey(path)} {...common} column={column} outputNames={outputNames} />;
      })}
    </>
  );
}

/** The worst that is wrong with a layer. */
const worst = (issues: readonly Issue[]): Issue['severity'] | undefined =>
  issues.find(({ severity }) => severity === 'error')?.severity ?? issues[0]?.severity;
