import { columnWidth, type Column, type Picture } from './geometry.ts';
import { isSelected, pathKey } from './selection.ts';
import type { Selection } from './state.ts';
import type { Size, Viewport } from './viewport.ts';

interface BackdropProps {
  readonly picture: Picture;
  readonly viewport: Viewport;
  readonly size: Size;
  readonly selection: Selection;
}

/** What lies below edges and nodes: the dotted ground, the cards of blocks, the tint of what is selected, the open gap. */
export function Backdrop({ picture, viewport, size, selection }: BackdropProps) {
  const { columns, blocks, columnTop, columnBottom } = picture;
  const tinted = columns.filter(column => column.kind === 'layer' && isSelected(selection, column.path));
  const slots = columns.filter(({ kind }) => kind === 'slot');
  return (
    <svg class="backdrop" width={size.width} height={size.height} aria-hidden="true">
      <defs>
        <pattern id="dots" width="20" height="20" patternUnits="userSpaceOnUse">
          <circle cx="1" cy="1" r=".8" fill="var(--grid)" />
        </pattern>
      </defs>
      <rect width="100%" height="100%" fill="url(#dots)" />
      <g transform={`translate(${viewport.x} ${viewport.y}) scale(${viewport.scale})`}>
        {blocks.map(({ path, left, right, top, bottom }) => (
          <rect
            key={pathKey(path)}
            class={`block${isSelected(selection, path) ? ' selected' : ''}`}
            x={left}
            y={top}
            width={right - left}
            height={bottom - top}
            rx="6"
          />
        ))}
        {tinted.map(column => (
          <rect key={pathKey(column.path)} class="tint" {...frameOf(column, columnTop, columnBottom)} />
        ))}
        {slots.map(column => (
          <rect key="slot" class="slot" data-testid="slot" {...frameOf(column, columnTop, columnBottom)} />
        ))}
      </g>
    </svg>
  );
}

const frameOf = ({ x }: Column, top: number, bottom: number) => ({
  x: x - columnWidth / 2,
  y: top,
  width: columnWidth,
  height: bottom - top,
  rx: 6,
});
