import { applyTextEdits, textEdits } from '../model/edits.ts';
import { EngineError } from '../model/errors.ts';
import { issueLine, pathText, type JsonPath } from '../model/issues.ts';
import { parseModel } from '../model/parse.ts';
import type { ModelInFile } from '../model/modelInFile.ts';
import { readModelText, requireModel } from '../training/readModelFile.ts';

/** One `--set path=value`. */
export interface Setting {
  readonly path: JsonPath;
  readonly value: unknown;
}

/** Reads `optimizer.learningRate=0.1` or `layers[0].units=8`; a value that is not JSON is a text. Throws `wrong-usage`. */
export function readSetting(text: string): Setting {
  const equals = text.indexOf('=');
  if (equals < 1)
    throw new EngineError(
      'wrong-usage',
      `--set needs path=value, for example optimizer.learningRate=0.1, not "${text}".`,
    );
  const path = text
    .slice(0, equals)
    .replaceAll(/\[(\d+)\]/g, '.$1')
    .split('.')
    .map(part => (/^\d+$/.test(part) ? Number(part) : part));
  const raw = text.slice(equals + 1);
  try {
    return { path, value: JSON.parse(raw) as unknown };
  } catch {
    return { path, value: raw };
  }
}

/** Reads a model with settings laid over it; warnings go to stderr. Throws EngineError. */
export function readModelFile(file: string, settings: readonly Setting[] = []): ModelInFile {
  let text = readModelText(file).replace(/^\uFEFF/, '');
  // The file is judged first, so that an error in it is reported where it stands.
  if (settings.length > 0 && !parseModel(text).issues.some(({ code }) => code === 'syntax'))
    for (const { path, value } of settings)
      text = applyTextEdits(text, textEdits(text, { kind: 'setValue', path: [...path], value: value as string }));
  const read = requireModel(text, file);
  for (const warning of read.warnings) {
    const set = settings.find(({ path }) => pathText(path) === pathText(warning.path));
    if (set && warning.code === 'unknown-key')
      throw new EngineError('wrong-usage', `--set ${pathText(set.path)}: ${warning.message}`);
    process.stderr.write(`${issueLine(file, warning)}\n`);
  }
  return read;
}
