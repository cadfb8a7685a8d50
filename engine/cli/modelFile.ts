import { EngineError } from '../model/errors.ts';
import { readPath, readValue, textWith, type Setting } from '../model/experiments/variant.ts';
import { issueLine, pathText } from '../model/issues.ts';
import { parseModel } from '../model/parse.ts';
import type { ModelInFile } from '../model/modelInFile.ts';
import { readModelText, requireModel } from '../training/readModelFile.ts';

/** Reads `optimizer.learningRate=0.1` or `layers[0].units=8`; a value that is not JSON is a text. Throws `wrong-usage`. */
export function readSetting(text: string): Setting {
  const equals = text.indexOf('=');
  if (equals < 1)
    throw new EngineError(
      'wrong-usage',
      `--set needs path=value, for example optimizer.learningRate=0.1, not "${text}".`,
    );
  return { path: readPath(text.slice(0, equals)), value: readValue(text.slice(equals + 1)) };
}

/** Reads a model with settings laid over it; warnings go to stderr. Throws EngineError. */
export function readModelFile(file: string, settings: readonly Setting[] = []): ModelInFile {
  let text = readModelText(file).replace(/^\uFEFF/, '');
  // The file is judged first, so that an error in it is reported where it stands.
  if (settings.length > 0 && !parseModel(text).issues.some(({ code }) => code === 'syntax'))
    text = textWith(text, settings);
  const read = requireModel(text, file);
  for (const warning of read.warnings) {
    const set = settings.find(({ path }) => pathText(path) === pathText(warning.path));
    if (set && warning.code === 'unknown-key')
      throw new EngineError('wrong-usage', `--set ${pathText(set.path)}: ${warning.message}`);
    process.stderr.write(`${issueLine(file, warning)}\n`);
  }
  return read;
}
