import type { SourcePlace } from './errors.ts';
import type { JsonPath } from './issues.ts';
import { readJsonText } from './jsonText.ts';
import type { Model } from './schema.ts';

/** A model and the file it was read from, so that an error can say where it stands. */
export interface ModelInFile {
  readonly model: Model;
  /** Data paths are relative to the folder of this file. */
  readonly file: string;
  readonly text: string;
}

/** Where a value of the model stands in its file. */
export function placeIn({ file, text }: Pick<ModelInFile, 'file' | 'text'>, path: JsonPath): SourcePlace {
  const { line, column } = readJsonText(text).locate(path);
  return { file, line, column };
}
