import { useEffect, useRef, useState } from 'preact/hooks';
import { pathKey } from './selection.ts';
import type { Block, Column, DrawnNode, Picture } from './geometry.ts';

/** Milliseconds that a gap takes to open or close. */
const duration = 160;

/** Whether the user, by the system or by VS Code, wants things to be in their new place at once. */
const wantsStillness = (): boolean =>
  matchMedia('(prefers-reduced-motion: reduce)').matches || document.body.classList.contains('vscode-reduce-motion');

interface Glide {
  readonly from: Picture;
  readonly to: Picture;
  readonly begun: number;
}

/**
 * The picture on its way to `target`, while a gap opens or closes in one and the same `drawing`. It jumps when the
 * drawing is another one, where `still`, and for those who want less motion.
 */
export function useGlide(target: Picture, drawing: object, still: boolean): Picture {
  const [, repaint] = useState(0);
  const glide = useRef<Glide | undefined>(undefined);
  const last = useRef({ target, drawing, shown: target });
  const now = performance.now();
  if (last.current.target !== target) {
    const jumps = still || last.current.drawing !== drawing || wantsStillness();
    glide.current = jumps ? undefined : { from: last.current.shown, to: target, begun: now };
  }
  const share = glide.current ? Math.min(1, (now - glide.current.begun) / duration) : 1;
  const shown = glide.current && share < 1 ? between(glide.current.from, target, slowed(share)) : target;
  if (share === 1) glide.current = undefined;
  last.current = { target, drawing, shown };
  useEffect(() => {
    if (!glide.current) return;
    const frame = requestAnimationFrame(() => repaint(count => count + 1));
    return () => cancelAnimationFrame(frame);
  });
  return shown;
}

/** s(t) = 1 − (1 − t)³: off at once, and gently to its end. */
const slowed = (t: number): number => 1 - (1 - t) ** 3;

/** The picture at `share` of the way from one to another of the same layers; a slot comes out of its gap. */
export function between(from: Picture, to: Picture, share: number): Picture {
  const mix = (a: number, b: number) => a + (b - a) * share;
  const before = new Map(from.columns.map(column => [keyOf(column), column]));
  const startOf = (column: Column, i: number): number => {
    const same = before.get(keyOf(column));
    if (same) return same.x;
    const [left, right] = [to.columns[i - 1], to.columns[i + 1]].map(next => next && before.get(keyOf(next))?.x);
    return ((left ?? right ?? column.x) + (right ?? from.lossX)) / 2;
  };
  const mixNodes = (column: Column): readonly DrawnNode[] => {
    const nodes = before.get(keyOf(column))?.nodes;
    if (nodes?.length !== column.nodes.length) return column.nodes;
    return column.nodes.map((node, i) => ({ ...node, y: mix(nodes[i]?.y ?? node.y, node.y) }));
  };
  const columns = to.columns.map((column, i) => ({
    ...column,
    x: mix(startOf(column, i), column.x),
    nodes: mixNodes(column),
  }));
  const placed = new Map(columns.map(column => [keyOf(column), column]));
  const cards = new Map(from.blocks.map(block => [pathKey(block.path), block]));
  const blocks = to.blocks.map((block): Block => {
    const old = cards.get(pathKey(block.path)) ?? block;
    return {
      path: block.path,
      left: mix(old.left, block.left),
      right: mix(old.right, block.right),
      top: mix(old.top, block.top),
      bottom: mix(old.bottom, block.bottom),
      from: placed.get(keyOf(block.from)) ?? block.from,
      sum: placed.get(keyOf(block.sum)) ?? block.sum,
    };
  });
  return {
    columns,
    blocks,
    gaps: to.gaps,
    lossX: mix(from.lossX, to.lossX),
    width: mix(from.width, to.width),
    columnTop: mix(from.columnTop, to.columnTop),
    columnBottom: mix(from.columnBottom, to.columnBottom),
    top: mix(from.top, to.top),
    bottom: mix(from.bottom, to.bottom),
  };
}

const keyOf = ({ kind, path }: Column): string => `${kind} ${pathKey(path)}`;
