import { readFileSync } from 'node:fs';
import type * as z from 'zod';
import { EngineError, type SourcePlace } from '../model/errors.ts';
import type { JsonPath } from '../model/issues.ts';
import { readJsonText } from '../model/jsonText.ts';
import { placeIn, type ModelInFile } from '../model/modelInFile.ts';
import { besideModel } from './besideModel.ts';

export interface JsonFile<T> {
  readonly value: T;
  /** Where a part of the value stands in the file. */
  readonly place: (path: JsonPath) => SourcePlace;
}

/**
 * Reads a JSON file that the model names at `path`.
 * Throws `file-not-readable`, placed in the model, or `invalid-data`, placed in the file.
 */
export function readJson<T>(
  given: ModelInFile,
  { file: relative, path }: { readonly file: string; readonly path: JsonPath },
  schema: z.ZodType<T>,
  expected: string,
): JsonFile<T> {
  const file = besideModel(given, relative);
  let text: string;
  try {
    text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    throw new EngineError(
      'file-not-readable',
      `The file "${relative}" does not exist or cannot be read. Correct its path; it is relative to the model file.`,
      placeIn(given, path),
      { cause: error },
    );
  }
  const json = readJsonText(text);
  const place = (at: JsonPath): SourcePlace => {
    const { line, column } = json.locate(at);
    return { file, line, column };
  };
  const syntax = json.issues.find(({ severity }) => severity === 'error');
  if (syntax)
    throw new EngineError('invalid-data', `${syntax.message} The file must hold ${expected}.`, {
      file,
      line: syntax.line,
      column: syntax.column,
    });
  const read = schema.safeParse(json.value);
  if (!read.success)
    throw new EngineError(
      'invalid-data',
      `The file must hold ${expected}. Correct it here.`,
      place((read.error.issues[0]?.path ?? []) as JsonPath),
    );
  return { value: read.data, place };
}
