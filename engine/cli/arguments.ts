import { parseArgs, type ParseArgsConfig } from 'node:util';
import { EngineError } from '../model/errors.ts';

/** Options of one command, as `node:util` reads them. */
export type OptionTable = NonNullable<ParseArgsConfig['options']>;

/** Reads a command's arguments. Throws `wrong-usage`, naming the option. */
export function readArguments<T extends OptionTable>(args: readonly string[], options: T, positionals: string) {
  try {
    return parseArgs({
      args: withDashedValues(args, options),
      options: { ...options, debug: { type: 'boolean' as const } },
      allowPositionals: true,
      strict: true,
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('. ')[0] : String(error);
    throw new EngineError('wrong-usage', `${reason ?? ''}. Usage: mlp-studio ${positionals}`);
  }
}

/** The only positional argument. Throws `wrong-usage`. */
export function onePositional(positionals: readonly string[], usage: string): string {
  const [first, ...more] = positionals;
  if (first === undefined || more.length > 0)
    throw new EngineError('wrong-usage', `One model file is expected. Usage: mlp-studio ${usage}`);
  return first;
}

/** A whole number from 1 on. Throws `wrong-usage`. */
export function countOption(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < 1)
    throw new EngineError('wrong-usage', `--${name} must be a whole number from 1 on, not "${text}".`);
  return value;
}

/** A number above 0. Throws `wrong-usage`. */
export function numberOption(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0)
    throw new EngineError('wrong-usage', `--${name} must be a number above 0, not "${text}".`);
  return value;
}

/** The text of an option that a command cannot do without. Throws `wrong-usage`. */
export function requiredOption(name: string, text: string | undefined, usage: string): string {
  if (text === undefined) throw new EngineError('wrong-usage', `--${name} is missing. Usage: mlp-studio ${usage}`);
  return text;
}

/** `--start -1,2` as `--start=-1,2`: a value may begin with a minus, which `node:util` would take for an option. */
function withDashedValues(args: readonly string[], options: OptionTable): string[] {
  const joined: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const [argument = '', next = ''] = [args[i], args[i + 1]];
    const takesText = argument.startsWith('--') && options[argument.slice(2)]?.type === 'string';
    if (takesText && /^-[^-]/.test(next)) {
      joined.push(`${argument}=${next}`);
      i++;
    } else joined.push(argument);
  }
  return joined;
}
