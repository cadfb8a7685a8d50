import type { SampleOrigin } from '../../engine/protocol/views.ts';
import type { WeightChange } from '../../engine/protocol/trainer.ts';
import { t } from '../kit/language.ts';
import { flatShapes, namedLayers } from './selection.ts';
import { drawingOf, type Designer, type DrawableState, type LiveState, type ViewState } from './state.ts';

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

/**
 * From which weights a training begins that is begun by setting one of them: those of the last run where all of them are drawn and kept,
 * else first ones.
 */
export function beginsFrom(
  { host, kept }: Pick<ViewState, 'host' | 'kept'>,
  { sample, origin }: LiveState,
): SampleOrigin {
  if (!host?.model || !sample || !kept || origin === 'first') return 'first';
  const { layers, shapes } = drawingOf(host as DrawableState);
  const flat = flatShapes(shapes);
  const fits = namedLayers(layers).every(({ layer, name }, i) => {
    const own = sample.layers.find(other => other.name === name);
    return layer.type !== 'dense' || (own?.inputs === flat[i]?.inputs && own?.outputs === flat[i]?.outputs);
  });
  return fits ? 'run' : 'first';
}

/** What becomes of a weight that is set while nothing trains. */
export function beginningText({ store, live }: Pick<Designer, 'store' | 'live'>): string | undefined {
  if (store.state.runState !== 'idle') return undefined;
  return beginsFrom(store.state, live.state) === 'run'
    ? t('The last run branches off with it, from the weights drawn here, and stands still.')
    : t('A new training begins with it, from first weights, and stands still.');
}

/** Asks for a weight, or a bias, to be set. */
export function setWeight(designer: Designer, change: WeightChange): void {
  const { layerId, output, input, value } = change;
  const node = `${layerId}[${output + 1}]`;
  const said =
    input === undefined ? t('Bias of {0}: {1}.', node, value) : t('Weight {0} → {1}: {2}.', input + 1, node, value);
  designer.announce([said, beginningText(designer)].filter(Boolean).join(' '));
  void designer.host.setWeight.asEvent(change, beginsFrom(designer.store.state, designer.live.state));
}
