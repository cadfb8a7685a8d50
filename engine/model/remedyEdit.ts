import type { ModelEdit } from './edits.ts';
import type { Remedy } from './issues.ts';

/** A remedy as a gesture: all its changes in one undo step. */
export const remedyEdit = ({ edits }: Remedy): ModelEdit => ({
  kind: 'several',
  edits: edits.map(edit => ({ ...edit, path: [...edit.path] })),
});
