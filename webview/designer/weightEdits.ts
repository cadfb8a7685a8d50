import type { WeightChange } from '../../engine/protocol/trainer.ts';
import { t } from '../kit/language.ts';
import type { Designer, ViewState } from './state.ts';

/** A number as it is typed: nothing that is no finite number. */
export const numberProblem = (text: string): string | undefined =>
  text.trim() !== '' && Number.isFinite(Number(text)) ? undefined : t('Must be a number.');

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
  const begins = designer.store.state.runState === 'idle';
  const node = `${layerId}[${output + 1}]`;
  const said =
    input === undefined ? t('Bias of {0}: {1}.', node, value) : t('Weight {0} → {1}: {2}.', input + 1, node, value);
  designer.announce(begins ? `${said} ${t('A new training begins with it and stands still.')}` : said);
  void designer.host.setWeight.asEvent(change);
}
