import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import * as dataTables from '../../engine/model/dataFields.ts';
import { labelOf } from '../../engine/model/fields.ts';
import * as layerTables from '../../engine/model/layerFields.ts';
import { optimizerFields } from '../../engine/model/optimizerFields.ts';
import * as scheduleTables from '../../engine/model/scheduleFields.ts';
import { contestantRows } from '../../engine/model/experiments/contestants.ts';
import { surfaceTable } from '../../engine/model/surfaceTable.ts';
import { root } from './paths.mjs';

/** The words of the product by their English text, as VS Code reads them from `l10n/bundle.l10n.LANGUAGE.json`. */
export type Bundle = Readonly<Record<string, string>>;

/** The bundle of the sources' own language, from which every translation starts. */
export const bundleFile = path.join(root, 'l10n/bundle.l10n.json');

/** A call of `t` whose text is not written out, so that nobody could translate it. */
export interface UnreadableCall {
  readonly file: string;
  readonly line: number;
}

/** Every text that a person may see: the first argument of each `t(…)` in the host and the views, and the texts of the engine's tables, sorted. */
export function collectMessages(): { readonly bundle: Bundle; readonly unreadable: readonly UnreadableCall[] } {
  const texts = new Set(
    textsOf({ ...dataTables, ...layerTables, optimizerFields, ...scheduleTables, surfaceTable, contestantRows }),
  );
  const unreadable: UnreadableCall[] = [];
  for (const folder of ['extension', 'webview']) {
    for (const file of sourceFiles(folder)) {
      const source = parse(file);
      const visit = (node: ts.Node): void => {
        if (ts.isCallExpression(node) && isTranslation(node.expression)) {
          const text = node.arguments[0] && literalText(node.arguments[0]);
          if (text === undefined) unreadable.push({ file, line: lineOf(source, node) });
          else texts.add(text);
        }
        ts.forEachChild(node, visit);
      };
      visit(source);
    }
  }
  return { bundle: Object.fromEntries([...texts].sort().map(text => [text, text])), unreadable };
}

/** The titles and explanations in a table, and what a form calls its fields. */
function textsOf(table: object): string[] {
  return Object.entries(table).flatMap(([key, value]: [string, unknown]) => {
    if (typeof value === 'string') return /^(title|short|use|description)$/.test(key) ? [value] : [];
    if (typeof value !== 'object' || value === null) return [];
    return [...('kind' in value && 'description' in value ? [labelOf(key)] : []), ...textsOf(value)];
  });
}

/** The TypeScript files of a folder, as paths from the root with slashes. */
export const sourceFiles = (folder: string): string[] =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(file => /\.tsx?$/.test(file) && !file.endsWith('.d.ts'))
    .map(file => path.posix.join(folder, ...file.split(path.sep)))
    .sort();

export const parse = (file: string): ts.SourceFile =>
  ts.createSourceFile(
    file,
    readFileSync(path.join(root, file), 'utf8'),
    ts.ScriptTarget.Latest,
    true,
    file.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS,
  );

export const lineOf = (source: ts.SourceFile, node: ts.Node): number =>
  source.getLineAndCharacterOfPosition(node.getStart()).line + 1;

/** `t` of `webview/kit`, or `vscode.l10n.t`. */
export const isTranslation = (callee: ts.Expression): boolean =>
  callee.getText() === 't' || callee.getText() === 'vscode.l10n.t';

/** A text as it is written: one literal, or several with plus signs between them. */
function literalText(node: ts.Expression): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.PlusToken) return undefined;
  const [left, right] = [literalText(node.left), literalText(node.right)];
  return left === undefined || right === undefined ? undefined : left + right;
}

/** A bundle in no language: letters with marks, longer by a third, in brackets, so that what is not translated stands out. */
export const pseudoBundle = (bundle: Bundle): Bundle =>
  Object.fromEntries(Object.entries(bundle).map(([key, text]) => [key, pseudo(text)]));

const marked: Readonly<Record<string, string>> = Object.fromEntries(
  Array.from('aceginosuyACEGINOSUY', (letter, i) => [letter, 'åçéğîñöšûýÅÇÉĜÎÑÖŠÛÝ'.charAt(i)]),
);

/** Placeholders, icons, commands and links stay. */
function pseudo(text: string): string {
  const parts = text.split(/(\{\d+\}|\$\([a-z-]+\)|\]\([^)]*\)|`[^`]*`)/);
  const words = parts.map((part, i) => (i % 2 ? part : part.replaceAll(/[a-z]/gi, letter => marked[letter] ?? letter)));
  return `[${words.join('')}${'~'.repeat(Math.ceil(text.length / 6))}]`;
}
