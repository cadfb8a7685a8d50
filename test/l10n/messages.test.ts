import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { labelOf } from '../../engine/model/fields.ts';
import { layerInfo } from '../../engine/model/layerFields.ts';
import { optimizerFields } from '../../engine/model/optimizerFields.ts';
import {
  bundleFile,
  collectMessages,
  isTranslation,
  lineOf,
  parse,
  pseudoBundle,
  sourceFiles,
} from '../../scripts/lib/messages.ts';
import { root } from '../../scripts/lib/paths.mjs';

const readJson = (file: string): unknown => JSON.parse(readFileSync(path.join(root, file), 'utf8'));
const placeholders = (text: string) => [...text.matchAll(/\{(\d+)\}/g)].map(([, index]) => Number(index));

describe('the visible texts', () => {
  const { bundle, unreadable } = collectMessages();

  it('stand in l10n/bundle.l10n.json as the sources have them (npm run l10n)', () => {
    expect(JSON.parse(readFileSync(bundleFile, 'utf8'))).toEqual(bundle);
  });

  it('are written out where they are translated', () => {
    expect(unreadable).toEqual([]);
  });

  it('count their placeholders from 0, and leave none out', () => {
    const faulty = Object.keys(bundle).filter(text => {
      const used = new Set(placeholders(text));
      return [...used].some(index => index >= used.size);
    });
    expect(faulty).toEqual([]);
  });

  it('hold the titles, names and explanations of the engine’s tables', () => {
    for (const text of [layerInfo.dense.use, labelOf('learningRate'), optimizerFields.adam.beta1.description])
      expect(bundle).toHaveProperty([text], text);
  });

  it('keep their placeholders in the language that shows what is not translated', () => {
    for (const [text, shown] of Object.entries(pseudoBundle(bundle))) {
      expect(placeholders(shown)).toEqual(placeholders(text));
      expect(shown).not.toBe(text);
    }
  });
});

/** Attributes and properties whose value a person sees or hears. */
const visible =
  /^(title|label|hint|placeholder|alt|aria-label|tooltip|placeHolder|word|short|use|xLabel|detail|caption)$/;
const visibleCalls = /\.(announce|showInformationMessage|showWarningMessage|showErrorMessage|setStatusBarMessage)$/;

describe('a view or a message', () => {
  it('has no words that are not translated', () => {
    const found = ['extension', 'webview'].flatMap(folder => sourceFiles(folder).flatMap(untranslated));
    expect(found).toEqual([]);
  });
});

/** Places where literal words reach the screen without `t`. */
function untranslated(file: string): string[] {
  const source = parse(file);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && isTranslation(node.expression)) return;
    if (ts.isJsxText(node) && hasWords(node.text)) found.push(`${file}:${lineOf(source, node)} ${node.text.trim()}`);
    const words = ts.isStringLiteralLike(node) ? node.text : ts.isTemplateExpression(node) ? wordsOf(node) : '';
    if (hasWords(words) && isShown(node)) found.push(`${file}:${lineOf(source, node)} ${words}`);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Names of update rules and activations, as files and papers have them. */
const names = /^(GD|SGD|Momentum|Nesterov|AdaGrad|RMSProp|Adam|AdamW|Nadam|Lion|relu)$/;

/** Two letters in a row; one alone is a symbol. */
const hasWords = (text: string) => /\p{L}{2}/u.test(text.replace(/\$\([a-z-]+\)/g, '')) && !names.test(text);

const wordsOf = ({ head, templateSpans }: ts.TemplateExpression) =>
  [head.text, ...templateSpans.map(({ literal }) => literal.text)].join(' ');

/** Whether a literal is the value of something visible, or one outcome of a choice that is. */
function isShown(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isConditionalExpression(parent)) return parent.condition !== node && isShown(parent);
  if (ts.isParenthesizedExpression(parent)) return isShown(parent);
  if (ts.isJsxExpression(parent)) return ts.isJsxAttribute(parent.parent) ? isShown(parent) : true;
  if (ts.isBinaryExpression(parent)) return /^(\?\?|\|\||&&)$/.test(parent.operatorToken.getText()) && isShown(parent);
  if (ts.isJsxAttribute(parent)) return visible.test(parent.name.getText());
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node && visible.test(parent.name.getText());
  return ts.isCallExpression(parent) && parent.arguments[0] === node && visibleCalls.test(parent.expression.getText());
}

describe('the manifest', () => {
  const manifest = JSON.stringify(readJson('package.json'));
  const texts = readJson('package.nls.json') as Record<string, string>;

  it('and package.nls.json name the same texts', () => {
    const named = new Set([...manifest.matchAll(/"%([\w.-]+)%"/g)].map(([, key]) => key));
    expect([...named].sort()).toEqual(Object.keys(texts).sort());
  });

  it('has no text of its own in what it contributes', () => {
    const { contributes } = readJson('package.json') as { contributes: unknown };
    const own = [
      ...JSON.stringify(contributes).matchAll(/"(title|name|description|category|contents)":"([^%][^"]*)"/g),
    ];
    expect(own.map(([text]) => text)).toEqual([]);
  });
});
