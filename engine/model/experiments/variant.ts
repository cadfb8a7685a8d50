import * as z from 'zod';
import { applyTextEdits, textEdits } from '../edits.ts';
import type { JsonPath } from '../issues.ts';

/** One field of a model, and the value that an experiment gives it. */
export const settingSchema = z.strictObject({
  path: z
    .array(z.union([z.string(), z.int().min(0)]))
    .min(1)
    .max(64)
    .readonly(),
  value: z.json(),
});
export type Setting = z.infer<typeof settingSchema>;
export type SettingValue = Setting['value'];

/** A model as an experiment changes it: what it is called, and the fields that it sets. */
export const variantSchema = z.strictObject({
  /** Unique within the experiment, and fit for a folder. */
  name: z.string().regex(/^[\w-]{1,80}$/),
  settings: z.array(settingSchema).readonly(),
});
export type Variant = z.infer<typeof variantSchema>;

/** The text of a model with settings laid over it; whatever they do not name keeps its bytes. */
export const textWith = (text: string, settings: readonly Setting[]): string =>
  settings.reduce(
    (changed, { path, value }) =>
      applyTextEdits(changed, textEdits(changed, { kind: 'setValue', path: [...path], value })),
    text,
  );

/** `layers[0].units` as a path; the other way round is `pathText`. */
export const readPath = (text: string): JsonPath =>
  text
    .replaceAll(/\[(\d+)\]/g, '.$1')
    .split('.')
    .map(part => (/^\d+$/.test(part) ? Number(part) : part));

/** A value as it is typed: JSON, or else a text. */
export function readValue(text: string): SettingValue {
  try {
    return JSON.parse(text) as SettingValue;
  } catch {
    return text;
  }
}
