import { defaultOf, type OptimizerForm } from '../../engine/model/fields.ts';
import { optimizerFields, type OptimizerType } from '../../engine/model/optimizerFields.ts';
import type { OptimizerSettings } from '../../engine/model/schema.ts';
import type { Point } from '../../engine/model/surfaceTable.ts';
import type { GradientNoise } from '../../engine/protocol/lab.ts';

/** One optimizer in the race. */
export interface Racer {
  readonly optimizer: OptimizerSettings;
  readonly noise?: GradientNoise | undefined;
  /** Where this one starts, when not with the others. */
  readonly start?: Point | undefined;
}

/** The settings of an optimizer: its defaults, with some of them changed. */
export function settingsOf<T extends OptimizerType>(
  type: T,
  change: Partial<OptimizerSettings<T>> = {},
  form: OptimizerForm = 'article',
): OptimizerSettings {
  const settings: Record<string, unknown> = { type, form };
  for (const [name, field] of Object.entries(optimizerFields[type])) settings[name] = defaultOf(field, form);
  Object.assign(settings, change);
  return settings as OptimizerSettings;
}
