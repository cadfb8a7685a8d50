import { loadData } from '../../data/load.ts';
import { EngineError } from '../../model/errors.ts';
import { issueLine } from '../../model/issues.ts';
import { parseModel } from '../../model/parse.ts';
import { readModelText } from '../../training/readModelFile.ts';
import { assertFits } from '../../training/fits.ts';
import { readArguments } from '../arguments.ts';

export const usage = 'validate MODEL…';

/** Prints every issue of every file, data included. Answers 3 if any is an error. */
export async function validate(args: readonly string[]): Promise<number> {
  const { positionals } = readArguments(args, {}, usage);
  if (positionals.length === 0)
    throw new EngineError('wrong-usage', `At least one model file is expected. Usage: mlp-studio ${usage}`);
  let errors = 0;
  for (const file of positionals) {
    const text = readModelText(file);
    const { model, issues } = parseModel(text);
    for (const issue of issues) process.stdout.write(`${issueLine(file, issue)}\n`);
    errors += issues.filter(({ severity }) => severity === 'error').length;
    if (!model) continue;
    try {
      const given = { model, file, text };
      assertFits(given, await loadData(given));
    } catch (thrown) {
      const { code, message, place } = EngineError.from(thrown);
      process.stdout.write(
        `${place?.file ?? file}:${String(place?.line ?? 1)}:${String(place?.column ?? 1)} error ${code} ${message}\n`,
      );
      errors++;
    }
  }
  return errors > 0 ? 3 : 0;
}
