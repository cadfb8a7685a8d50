import { createScanner, findNodeAtLocation, parseTree, type Node } from 'jsonc-parser';
import * as z from 'zod';
import type { JsonPath } from './issues.ts';

/** A gesture of the designer, as data. Layers are named by index, since ids may be doubled while editing. */
export const modelEditSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('setValue'),
    path: z
      .array(z.union([z.string(), z.int().min(0)]))
      .min(1)
      .max(64),
    value: z.json(),
  }),
  z.strictObject({
    kind: z.literal('removeValue'),
    path: z
      .array(z.union([z.string(), z.int().min(0)]))
      .min(1)
      .max(64),
  }),
  z.strictObject({ kind: z.literal('addLayer'), index: z.int().min(0), layer: z.record(z.string(), z.json()) }),
  z.strictObject({ kind: z.literal('removeLayer'), index: z.int().min(0) }),
  z.strictObject({ kind: z.literal('moveLayer'), from: z.int().min(0), to: z.int().min(0) }),
]);

export type ModelEdit = z.infer<typeof modelEditSchema>;

/** Replaces `length` characters from `offset` by `content`. */
export interface TextEdit {
  readonly offset: number;
  readonly length: number;
  readonly content: string;
}

/**
 * The smallest change of `text` that makes `edit`: whatever it does not name keeps its bytes,
 * comments, order and spaces. Edits are given from the end of the text to its beginning. An edit
 * that names nothing in the text changes nothing.
 */
export function textEdits(text: string, edit: ModelEdit): TextEdit[] {
  const root = parseTree(text, [], { allowTrailingComma: true });
  if (!root) return [];
  switch (edit.kind) {
    case 'setValue':
      return setValue(text, root, edit.path, edit.value);
    case 'removeValue':
      return remove(text, root, edit.path);
    case 'addLayer':
      return insertItem(text, findNodeAtLocation(root, ['layers']), edit.index, edit.layer);
    case 'removeLayer':
      return remove(text, root, ['layers', edit.index]);
    case 'moveLayer':
      return moveItem(text, findNodeAtLocation(root, ['layers']), edit.from, edit.to);
  }
}

/** `text` after `edits`. */
export const applyTextEdits = (text: string, edits: readonly TextEdit[]): string =>
  edits
    .toSorted((a, b) => b.offset - a.offset)
    .reduce(
      (result, { offset, length, content }) => result.slice(0, offset) + content + result.slice(offset + length),
      text,
    );

function setValue(text: string, root: Node, path: JsonPath, value: unknown): TextEdit[] {
  const node = findNodeAtLocation(root, [...path]);
  if (node) {
    const content = write(value, isMultiline(text, node) ? lineEnd(text) : undefined, indentAt(text, node.offset));
    return content === text.slice(node.offset, node.offset + node.length)
      ? []
      : [{ offset: node.offset, length: node.length, content }];
  }
  const key = path.at(-1);
  const holder = path.length > 1 ? findNodeAtLocation(root, path.slice(0, -1)) : root;
  if (typeof key !== 'string') return [];
  // A missing parent is made together with the value: { "training": { "epochs": 5 } }.
  if (!holder) return setValue(text, root, path.slice(0, -1), { [key]: value });
  if (holder.type !== 'object') return [];
  return insertText(
    text,
    holder,
    holder.children?.length ?? 0,
    indent => `${JSON.stringify(key)}: ${write(value, undefined, indent)}`,
  );
}

function insertItem(text: string, list: Node | undefined, index: number, value: unknown): TextEdit[] {
  if (list?.type !== 'array') return [];
  const sibling = list.children?.[0];
  const line = sibling && isMultiline(text, sibling) ? lineEnd(text) : undefined;
  return insertText(text, list, index, indent => write(value, line, indent));
}

/** Writes an item into a list or object at `index`, spaced as its neighbours are. */
function insertText(text: string, holder: Node, index: number, content: (indent: string) => string): TextEdit[] {
  const items = holder.children ?? [];
  const at = Math.min(index, items.length);
  const next = items[at];
  const last = items.at(-1);
  if (next) {
    const gap = gapBefore(text, next);
    return [{ offset: next.offset, length: 0, content: `${content(indentAt(text, next.offset))},${gap}` }];
  }
  if (last) {
    const gap = gapBefore(text, last);
    return [
      { offset: last.offset + last.length, length: 0, content: `,${gap}${content(indentAt(text, last.offset))}` },
    ];
  }
  if (!text.includes('\n'))
    return [{ offset: holder.offset + 1, length: Math.max(0, holder.length - 2), content: content('') }];
  const outer = indentAt(text, holder.offset);
  const inner = outer + indentUnit(text);
  const line = lineEnd(text);
  return [
    {
      offset: holder.offset + 1,
      length: Math.max(0, holder.length - 2),
      content: `${line}${inner}${content(inner)}${line}${outer}`,
    },
  ];
}

/** Removes an item with its comma and the space that set it apart; comments on other items stay. */
function remove(text: string, root: Node, path: JsonPath): TextEdit[] {
  const value = findNodeAtLocation(root, [...path]);
  const item = value?.parent?.type === 'property' ? value.parent : value;
  const holder = item?.parent;
  if (!holder) return [];
  const items = holder.children ?? [];
  const cut = (from: number, to: number): TextEdit => ({ offset: from, length: to - from, content: '' });

  const at = items.indexOf(item);
  const next = items[at + 1];
  if (next) return [cut(item.offset, next.offset)];
  const previous = items[at - 1];
  if (!previous) return [cut(holder.offset + 1, holder.offset + holder.length - 1)];

  const end = item.offset + item.length;
  const gap = item.offset - (/\s*$/.exec(text.slice(0, item.offset))?.[0].length ?? 0);
  // The comma after the item, where there is one, goes; else the one before it.
  const trailing = commaAfter(text, end, holder.offset + holder.length);
  if (trailing !== undefined) return [cut(gap, trailing + 1)];
  const comma = commaAfter(text, previous.offset + previous.length, item.offset) ?? gap;
  return comma + 1 === gap ? [cut(comma, end)] : [cut(gap, end), cut(comma, comma + 1)];
}

/** Offset of the comma that follows `start` before `end`, comments passed over. */
function commaAfter(text: string, start: number, end: number): number | undefined {
  const scanner = createScanner(text, true);
  scanner.setPosition(start);
  scanner.scan();
  return scanner.getTokenOffset() < end && text[scanner.getTokenOffset()] === ','
    ? scanner.getTokenOffset()
    : undefined;
}

/** Moves an item by exchanging the texts of the items between; what stands between them stays. */
function moveItem(text: string, list: Node | undefined, from: number, to: number): TextEdit[] {
  const items = list?.type === 'array' ? (list.children ?? []) : [];
  if (from === to || !items[from] || !items[to]) return [];
  const order = items.map((_, i) => i);
  order.splice(to, 0, ...order.splice(from, 1));
  const textOf = (node: Node) => text.slice(node.offset, node.offset + node.length);
  return items
    .flatMap((node, i) => {
      const source = items[order[i] ?? i] ?? node;
      return source === node ? [] : [{ offset: node.offset, length: node.length, content: textOf(source) }];
    })
    .reverse();
}

const isMultiline = (text: string, node: Node): boolean =>
  text.slice(node.offset, node.offset + node.length).includes('\n');

/** What stands between an item and the bracket or comma before it, if only spaces; else a new line. */
function gapBefore(text: string, item: Node): string {
  const gap = /[[{,]([ \t\r\n]*)$/.exec(text.slice(0, item.offset))?.[1];
  return gap ?? `${lineEnd(text)}${indentAt(text, item.offset)}`;
}

/** The spaces that begin the line of `offset`. */
function indentAt(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, offset))?.[0] ?? '';
}

const indentUnit = (text: string): string => /\n([ \t]+)/.exec(text)?.[1] ?? '  ';
const lineEnd = (text: string): string => (text.includes('\r\n') ? '\r\n' : '\n');

/** JSON on one line, `{ "a": 1 }`, or over several lines that end as `line` says. */
function write(value: unknown, line: string | undefined, indent: string): string {
  if (line !== undefined) return JSON.stringify(value, null, '  ').replaceAll('\n', `${line}${indent}`);
  if (Array.isArray(value)) return `[${value.map(item => write(item, undefined, indent)).join(', ')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const entries = Object.entries(value).map(
    ([key, item]) => `${JSON.stringify(key)}: ${write(item, undefined, indent)}`,
  );
  return entries.length ? `{ ${entries.join(', ')} }` : '{}';
}
