import * as z from 'zod';
import { checkModel } from './check.ts';
import { pathText, type Finding, type Issue, type JsonPath } from './issues.ts';
import { readJsonText, type JsonText } from './jsonText.ts';
import { modelSchema, type Model } from './schema.ts';
import { suggestion } from './suggestion.ts';
import { valueFix } from './valueFix.ts';

export interface ParsedModel {
  /** The model with its defaults filled in; undefined when an error stands in the way. */
  readonly model: Model | undefined;
  /** The same, but also where the only errors are of meaning, such as shapes that do not fit: enough to draw. */
  readonly draft: Model | undefined;
  /** In the order of the text. */
  readonly issues: readonly Issue[];
}

/**
 * Reads the text of a `.mlp.json`.
 *
 * Unknown keys are warnings with a suggestion, so that a newer file opens in an older version.
 * Everything that stops training is an error with its line and column. A byte-order mark is skipped.
 */
export function parseModel(text: string): ParsedModel {
  const json = readJsonText(text.startsWith('\uFEFF') ? text.slice(1) : text);
  const issues: Issue[] = [...json.issues];
  const place = (finding: Finding) => issues.push(located(json, finding));

  let model: Model | undefined;
  if (json.root && !issues.some(isError)) {
    const read = readModel(json.value);
    read.findings.forEach(place);
    model = read.model;
    if (model) checkModel(model).forEach(place);
  }
  issues.sort((a, b) => a.offset - b.offset);
  return { model: issues.some(isError) ? undefined : model, draft: model, issues };
}

/** An unknown key is wrong itself; everything else is wrong in its value. */
const located = (json: JsonText, finding: Finding): Issue => ({
  ...finding,
  ...(finding.code === 'unknown-key' ? json.locateKey(finding.path) : json.locate(finding.path)),
});

/** Gives findings made elsewhere, such as in the data, their places in the text. */
export function locateFindings(text: string, findings: readonly Finding[]): Issue[] {
  if (findings.length === 0) return [];
  const json = readJsonText(text);
  return findings.map(finding => located(json, finding));
}

/** Checks a freshly read value against the schema. Unknown keys become warnings and are deleted from `cleaned`. */
function readModel(cleaned: unknown): { model: Model | undefined; findings: readonly Finding[] } {
  const findings: Finding[] = [];
  for (;;) {
    const result = modelSchema.safeParse(cleaned);
    if (result.success) return { model: result.data, findings };
    const unknown = result.error.issues.filter(issue => issue.code === 'unrecognized_keys');
    if (unknown.length === 0) {
      findings.push(...result.error.issues.map(issue => finding(cleaned, issue)));
      return { model: undefined, findings };
    }
    for (const { path, keys } of unknown) {
      const holder = valueAt(cleaned, path as JsonPath) as Record<string, unknown>;
      const known = knownKeys(modelSchema, cleaned, path as JsonPath);
      for (const key of keys) {
        Reflect.deleteProperty(holder, key);
        findings.push(unknownKey([...(path as JsonPath), key], key, suggestion(key, known)));
      }
    }
  }
}

const isError = ({ severity }: Finding) => severity === 'error';

const unknownKey = (path: JsonPath, key: string, meant: string | undefined): Finding => ({
  code: 'unknown-key',
  severity: 'warning',
  message: `The key "${key}" is unknown here and is not read. ${meant ? `Did you mean "${meant}"?` : 'Remove it, or update MLP Studio.'}`,
  path,
});

function finding(value: unknown, issue: z.core.$ZodIssue): Finding {
  const path = deepestPath(issue);
  const name = path.length ? `"${pathText(path)}"` : 'The model';
  const given = valueAt(value, path);
  if (given === undefined && path.length)
    return { code: 'invalid-value', severity: 'error', message: `${name} is missing. It ${innermost(issue)}.`, path };
  const shown = given !== null && typeof given === 'object' ? '' : `, not ${JSON.stringify(given)}`;
  const message = `${name} ${innermost(issue)}${shown}.`;
  const list = valueAt(value, path.slice(0, -1));
  const fix = valueFix(given, path, issue, Array.isArray(list) ? list : []);
  return { code: 'invalid-value', severity: 'error', message, path, fix };
}

/** Zod may report a union at its own path; the key that decides is the better place. */
function deepestPath(issue: z.core.$ZodIssue): JsonPath {
  const path = issue.path as JsonPath;
  if (issue.code !== 'invalid_union' || !issue.discriminator) return path;
  return path.at(-1) === issue.discriminator ? path : [...path, issue.discriminator];
}

const innermost = (issue: z.core.$ZodIssue): string =>
  /^(must|is) /.test(issue.message) ? issue.message : `is wrong: ${issue.message.replace(/\.$/, '')}`;

function valueAt(value: unknown, path: JsonPath): unknown {
  let current = value;
  for (const part of path) {
    if (current === null || typeof current !== 'object' || !Object.hasOwn(current, part)) return undefined;
    current = (current as Record<string | number, unknown>)[part];
  }
  return current;
}

/** The keys that the schema has at `path`, following the discriminators that `value` chose. */
function knownKeys(schema: z.core.$ZodType, value: unknown, path: JsonPath): readonly string[] {
  const objects = objectsAt(schema, value);
  const [part, ...rest] = path;
  if (part === undefined) return objects.flatMap(object => Object.keys(object.shape));
  const child = valueAt(value, [part]);
  if (typeof part === 'number') {
    const list = unwrap(schema);
    return list instanceof z.ZodArray ? knownKeys(list.element, child, rest) : [];
  }
  return objects.flatMap(object => {
    const next = object.shape[part] as z.core.$ZodType | undefined;
    return next ? knownKeys(next, child, rest) : [];
  });
}

function objectsAt(schema: z.core.$ZodType, value: unknown): z.ZodObject[] {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodObject) return [inner];
  if (inner instanceof z.ZodDiscriminatedUnion) {
    const key = inner.def.discriminator;
    const chosen = valueAt(value, [key]);
    return inner.options
      .flatMap(option => objectsAt(option, value))
      .filter(object => (object.shape[key] as z.ZodLiteral).value === chosen);
  }
  return inner instanceof z.ZodUnion ? inner.options.flatMap(option => objectsAt(option, value)) : [];
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional)
    return unwrap(schema.unwrap());
  if (schema instanceof z.ZodLazy) return unwrap(schema.unwrap());
  return schema instanceof z.ZodPipe ? unwrap(schema.in) : schema;
}
