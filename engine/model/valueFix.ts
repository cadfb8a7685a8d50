import type * as z from 'zod';
import type { IssueFix, JsonPath } from './issues.ts';
import { suggestion } from './suggestion.ts';

/** The nearest value that the schema allows: the bound that was passed, or the name that was meant. */
export function valueFix(given: unknown, path: JsonPath, issue: z.core.$ZodIssue): IssueFix | undefined {
  const value = nearest(given, issue);
  return value === undefined
    ? undefined
    : { title: `Set ${String(path.at(-1) ?? '')} to ${String(value)}`, path, value };
}

function nearest(given: unknown, issue: z.core.$ZodIssue): number | string | undefined {
  if (typeof given === 'number' && issue.code === 'too_small' && issue.inclusive) return Number(issue.minimum);
  if (typeof given === 'number' && issue.code === 'too_big' && issue.inclusive) return Number(issue.maximum);
  if (typeof given === 'string' && issue.code === 'invalid_value')
    return suggestion(
      given,
      issue.values.filter(value => typeof value === 'string'),
    );
  return undefined;
}
