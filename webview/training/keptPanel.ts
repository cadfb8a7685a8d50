import { recall, remember } from '../kit/hostPort.ts';

/** Whether the points of the validation split were shown when the page was last there. */
export function showsValidation(): boolean {
  const kept = recall();
  return !(typeof kept === 'object' && kept !== null && 'withValidation' in kept && kept.withValidation === false);
}

/** Keeps it over a reload. */
export const keepShowsValidation = (withValidation: boolean): void => remember({ withValidation });
