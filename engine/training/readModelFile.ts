import { readFileSync } from 'node:fs';
import { EngineError } from '../model/errors.ts';
import { parseModel } from '../model/parse.ts';
import type { Issue } from '../model/issues.ts';
import type { ModelInFile } from '../model/modelInFile.ts';

/** The text of a model file. Throws `file-not-readable`. */
export function readModelText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new EngineError(
      'file-not-readable',
      'The model file does not exist or cannot be read. Check its path.',
      { file },
      { cause: error },
    );
  }
}

/** A model without errors, and its warnings. Throws `invalid-model` with the place of the first error. */
export function requireModel(text: string, file: string): ModelInFile & { readonly warnings: readonly Issue[] } {
  const { model, issues } = parseModel(text);
  if (model) return { model, file, text, warnings: issues };
  const first = issues.find(({ severity }) => severity === 'error');
  throw new EngineError('invalid-model', first?.message ?? 'The model cannot be read.', {
    file,
    line: first?.line ?? 1,
    column: first?.column ?? 1,
  });
}
