import type * as z from 'zod';
import { pathText, type IssueFix, type JsonPath } from './issues.ts';
import { suggestion } from './suggestion.ts';

/** The nearest value that the schema allows: the bound that was passed, or the name that was meant. One of a list is none that stands there already. */
export function valueFix(
  given: unknown,
  path: JsonPath,
  issue: z.core.$ZodIssue,
  list: readonly unknown[] = [],
): IssueFix | undefined {
  const value = nearest(given, issue, list);
  const name = pathText(path.slice(typeof path.at(-1) === 'number' ? -2 : -1));
  return value === undefined ? undefined : { title: `Set ${name} to ${String(value)}`, path, value };
}

function nearest(given: unknown, issue: z.core.$ZodIssue, list: readonly unknown[]): number | string | undefined {
  if (typeof given === 'number' && issue.code === 'too_small' && issue.inclusive) return Number(issue.minimum);
  if (typeof given === 'number' && issue.code === 'too_big' && issue.inclusive) return Number(issue.maximum);
  if (typeof given === 'string' && issue.code === 'invalid_value')
    return suggestion(
      given,
      issue.values.filter(value => typeof value === 'string' && !list.includes(value)) as string[],
    );
  return undefined;
}
