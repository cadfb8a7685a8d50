import { createScanner, findNodeAtLocation, parseTree, type Node } from 'jsonc-parser';
import type { JsonPath } from './issues.ts';
import type { TextEdit } from './pieceText.ts';

/**
 * Small changes of JSON text. Each gives the edits of a text: whatever they do not name keeps its bytes,
 * comments, order and spaces. One that names nothing in the text gives none.
 */

export const parseJson = (text: string): Node | undefined => parseTree(text, [], { allowTrailingComma: true });

const nodeAt = (root: Node, path: JsonPath): Node | undefined => findNodeAtLocation(root, [...path]);

/** The text of a value, with the indentation of its first line, to be put elsewhere. */
export interface RawValue {
  readonly text: string;
  readonly indent: string;
}

export function rawValue(text: string, path: JsonPath): RawValue | undefined {
  const root = parseJson(text);
  const node = root && nodeAt(root, path);
  return node && { text: textOf(text, node), indent: indentAt(text, node.offset) };
}

/** Sets a value, adding the key and the objects around it where they are missing. */
export function setValue(text: string, root: Node, path: JsonPath, value: unknown): TextEdit[] {
  const node = nodeAt(root, path);
  if (node) {
    const content = write(value, isMultiline(text, node) ? lineEnd(text) : undefined, indentAt(text, node.offset));
    return content === text.slice(node.offset, node.offset + node.length)
      ? []
      : [{ offset: node.offset, length: node.length, content }];
  }
  const key = path.at(-1);
  const holder = path.length > 1 ? nodeAt(root, path.slice(0, -1)) : root;
  if (typeof key === 'number')
    return key === holder?.children?.length ? insertItem(text, root, path.slice(0, -1), key, value) : [];
  if (key === undefined) return [];
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

/** Writes a value into a list, as its neighbours are written. */
export function insertItem(text: string, root: Node, list: JsonPath, index: number, value: unknown): TextEdit[] {
  const holder = nodeAt(root, list);
  if (holder?.type !== 'array') return [];
  const sibling = holder.children?.[0];
  const line = sibling && isMultiline(text, sibling) ? lineEnd(text) : undefined;
  return insertText(text, holder, index, indent => write(value, line, indent));
}

/** Puts a text that stood elsewhere into a list, every line of it indented for its new place. */
export function insertRaw(text: string, root: Node, list: JsonPath, index: number, raw: RawValue): TextEdit[] {
  const holder = nodeAt(root, list);
  if (holder?.type !== 'array') return [];
  return insertText(text, holder, index, indent => raw.text.replaceAll(`\n${raw.indent}`, `\n${indent}`));
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
export function removeValue(text: string, root: Node, path: JsonPath): TextEdit[] {
  const value = nodeAt(root, path);
  const item = value?.parent?.type === 'property' ? value.parent : value;
  const holder = item?.parent;
  if (!holder) return [];
  const items = holder.children ?? [];
  const cut = (from: number, to: number): TextEdit => ({ offset: from, length: to - from, content: '' });

  const at = items.indexOf(item);
  const next = items[at + 1];
  if (next) return [cut(item.offset, endOfItem(text, item, next))];
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

/** Where what belongs to an item ends: at the next item, or at a comment above that one. */
function endOfItem(text: string, item: Node, next: Node): number {
  const end = item.offset + item.length;
  const comma = commaAfter(text, end, next.offset) ?? end;
  const line = text.indexOf('\n', comma);
  if (line < 0 || line > next.offset) return next.offset;
  return line + 1 + (/^\s*/.exec(text.slice(line + 1, next.offset))?.[0].length ?? 0);
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

/**
 * Brings the items of a list into another order, `order[i]` being the old index of the new item i, by
 * exchanging their texts; what stands between them stays.
 */
export function reorderItems(text: string, root: Node, list: JsonPath, order: readonly number[]): TextEdit[] {
  const items = nodeAt(root, list)?.children ?? [];
  return items
    .flatMap((node, i) => {
      const source = items[order[i] ?? i] ?? node;
      return source === node ? [] : [{ offset: node.offset, length: node.length, content: textOf(text, source) }];
    })
    .reverse();
}

const textOf = (text: string, { offset, length }: Node): string => text.slice(offset, offset + length);

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
