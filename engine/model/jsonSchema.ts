import * as z from 'zod';
import { modelSchema } from './schema.ts';

/** The JSON Schema of `.mlp.json`, as contributed to the text editor and kept in `schemas/`. */
export function mlpJsonSchema(): Record<string, unknown> {
  return {
    $comment: 'Generated from engine/model/schema.ts by `npm run build`. Do not edit.',
    title: 'MLP Studio model',
    allowComments: true,
    allowTrailingCommas: true,
    ...z.toJSONSchema(modelSchema, { target: 'draft-7', io: 'input', unrepresentable: 'any' }),
  };
}
