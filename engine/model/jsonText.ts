import { createScanner, parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';
import type { Issue, IssueCode, JsonPath } from './issues.ts';

/** Limits that keep a hostile file from costing more than a second. */
export const maximumCharacters = 16 * 1024 * 1024;
export const maximumDepth = 64;

// Token kinds of jsonc-parser's scanner; its `const enum` cannot be read under isolated modules.
const token = {
  openBrace: 1,
  closeBrace: 2,
  openBracket: 3,
  closeBracket: 4,
  comma: 5,
  lineComment: 12,
  blockComment: 13,
  lineBreak: 14,
  space: 15,
  end: 17,
};

export interface JsonText {
  readonly root: Node | undefined;
  /** The value, with own properties only; `__proto__` is left out and reported. */
  readonly value: unknown;
  readonly issues: readonly Issue[];
  /** Gives the place of the deepest value that `path` reaches, … */
  locate(path: JsonPath): Place;
  /** … or of its key, where it has one. */
  locateKey(path: JsonPath): Place;
}

export interface Place {
  readonly line: number;
  readonly column: number;
  readonly offset: number;
  readonly length: number;
}

/** Reads JSON with comments and trailing commas into a value whose every part has a place. */
export function readJsonText(text: string): JsonText {
  const lineStarts = startsOfLines(text);
  const placeAt = (offset: number, length: number): Place => {
    const line = lineAt(lineStarts, offset);
    return { line: line + 1, column: offset - (lineStarts[line] ?? 0) + 1, offset, length };
  };
  const issues: Issue[] = [];
  const report = (code: IssueCode, severity: 'error' | 'warning', message: string, offset: number, length: number) =>
    issues.push({ code, severity, message, path: [], ...placeAt(offset, length) });

  const nothing = {
    root: undefined,
    value: undefined,
    issues,
    locate: () => placeAt(0, 0),
    locateKey: () => placeAt(0, 0),
  };
  if (text.length > maximumCharacters) {
    report('too-large', 'error', 'The file is larger than 16 MB. Keep data in a CSV file beside the model.', 0, 0);
    return nothing;
  }
  if (!scan(text, report)) return nothing;

  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  const [first] = errors;
  if (first) {
    report(
      'syntax',
      'error',
      `The JSON cannot be read: ${syntaxWords(first)}. Correct it here.`,
      first.offset,
      first.length,
    );
  } else if (!root) {
    report('syntax', 'error', 'The file is empty. Write a model, or begin with an example.', 0, 0);
  }
  const value = root ? valueOf(root, report) : undefined;

  const placeOf = (node: Node | undefined) => (node ? placeAt(node.offset, node.length) : placeAt(0, 0));
  return {
    root,
    value,
    issues,
    locate: path => placeOf(deepest(root, path)),
    locateKey: path => {
      const value = deepest(root, path);
      return placeOf(value?.parent?.type === 'property' ? value.parent.children?.[0] : value);
    },
  };
}

type Report = (code: IssueCode, severity: 'error' | 'warning', message: string, offset: number, length: number) => void;

/** Looks for depth, comments and trailing commas before anything recursive runs. False when too deep. */
function scan(text: string, report: Report): boolean {
  const scanner = createScanner(text, false);
  let depth = 0;
  let comma = -1;
  let commented = false;
  for (let kind = scanner.scan() as number; kind !== token.end; kind = scanner.scan() as number) {
    if (kind === token.space || kind === token.lineBreak) continue;
    if (kind === token.lineComment || kind === token.blockComment) {
      if (!commented)
        report(
          'comment',
          'warning',
          'JSON has no comments. They are kept here, but other programs may refuse the file.',
          scanner.getTokenOffset(),
          scanner.getTokenLength(),
        );
      commented = true;
      continue;
    }
    if (kind === token.openBrace || kind === token.openBracket) {
      depth++;
      if (depth > maximumDepth) {
        report(
          'too-deep',
          'error',
          `The file is nested deeper than ${String(maximumDepth)} levels. Flatten it.`,
          scanner.getTokenOffset(),
          1,
        );
        return false;
      }
    } else if (kind === token.closeBrace || kind === token.closeBracket) {
      depth--;
      if (comma >= 0)
        report('trailing-comma', 'warning', 'JSON has no comma after the last item. Remove it.', comma, 1);
    }
    comma = kind === token.comma ? scanner.getTokenOffset() : -1;
  }
  return true;
}

/** The value of a node, built from own properties only. Reports duplicate keys. */
function valueOf(node: Node, report: Report): unknown {
  if (node.type === 'array') return (node.children ?? []).map(child => valueOf(child, report));
  if (node.type !== 'object') return node.value as unknown;
  const result: Record<string, unknown> = {};
  const seen = new Set<string>();
  for (const property of node.children ?? []) {
    const [key, child] = property.children ?? [];
    if (!key || !child) continue;
    const name = String(key.value);
    if (seen.has(name))
      report(
        'duplicate-key',
        'error',
        `The key "${name}" stands here twice. Remove one of them.`,
        key.offset,
        key.length,
      );
    seen.add(name);
    if (name === '__proto__')
      report(
        'unknown-key',
        'warning',
        'The key "__proto__" means nothing in a model and is not read. Remove it.',
        key.offset,
        key.length,
      );
    else result[name] = valueOf(child, report);
  }
  return result;
}

/** The deepest node that `path` reaches. */
function deepest(root: Node | undefined, path: JsonPath): Node | undefined {
  let node = root;
  for (const part of path) {
    const child = node && childOf(node, part);
    if (!child) break;
    node = child;
  }
  return node;
}

function childOf(node: Node, part: string | number): Node | undefined {
  if (typeof part === 'number') return node.type === 'array' ? node.children?.[part] : undefined;
  return node.type === 'object'
    ? node.children?.find(property => property.children?.[0]?.value === part)?.children?.[1]
    : undefined;
}

const syntaxWords = (error: ParseError): string =>
  printParseErrorCode(error.error)
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();

function startsOfLines(text: string): number[] {
  const starts = [0];
  for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) starts.push(i + 1);
  return starts;
}

/** Index of the line that holds `offset`, by bisection. */
function lineAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
