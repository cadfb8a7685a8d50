import * as z from 'zod';

const keptSchema = z.object({
  selection: z.union([
    z.object({ kind: z.literal('layers'), paths: z.array(z.array(z.int().min(0)).min(1)).min(1) }),
    z.object({ kind: z.enum(['data', 'loss']) }),
  ]),
  viewport: z.object({ scale: z.number().positive(), x: z.number(), y: z.number() }).optional(),
});

/** What was selected and seen before the view was hidden; undefined when nothing readable was kept. */
export const keptView = (kept: unknown): z.infer<typeof keptSchema> | undefined => keptSchema.safeParse(kept).data;
