import type { WeightChange } from '../../engine/protocol/trainer.ts';
import type { Designer, ViewState } from './state.ts';

/** A number as it is typed: nothing that is no finite number. */
export const numberProblem = (text: string): string | undefined =>
  text.trim() !== '' && Number.isFinite(Number(text)) ? undefined : 'Must be a number.';

/** Whether weights can be set now: in a training, or by beginning one. */
export const canSetWeights = ({ host, runState }: Pick<ViewState, 'host' | 'runState'>): boolean =>
  host !== undefined &&
  host.trusted &&
  !host.readOnly &&
  !host.stale &&
  (runState === 'idle' || runState === 'running' || runState === 'paused');

/** Asks for a weight, or a bias, to be set. */
export function setWeight(designer: Designer, change: WeightChange): void {
  const { layerId, output, input, value } = change;
  const what =
    input === undefined ? `Bias of ${layerId}[${output + 1}]` : `Weight ${input + 1} → ${layerId}[${output + 1}]`;
  const begins = designer.store.state.runState === 'idle' ? ' A training begins with it and stands still.' : '';
  designer.announce(`${what}: ${value}.${begins}`);
  void designer.host.setWeight.asEvent(change);
}
