/** A model's name as a folder that every system takes. */
export const folderNameOf = (modelName: string): string =>
  modelName
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '_')
    .trim()
    .slice(0, 64) || 'model';

/** `<UTC time>-<short id>`: names that sort by time. */
export const timedName = (now: Date, id: string): string => `${now.toISOString().replaceAll(/[:.]/g, '-')}-${id}`;
