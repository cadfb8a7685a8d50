import type { BackendName } from '../../engine/model/dataFields.ts';
import { Icon } from './button.tsx';
import { t } from './language.ts';

/** What computes, in a word or two; why, where the pointer rests on it. */
export function Computes({
  words,
  reason,
  icon,
}: {
  readonly words: string;
  readonly reason: string;
  readonly icon?: string;
}) {
  return (
    <span class="computes" title={reason} data-testid="computes">
      <Icon name={icon ?? 'chip'} class={icon === undefined ? 'muted' : 'warnc'} /> <span class="muted">{words}</span>
    </span>
  );
}

/** What computes the runs of an experiment, whatever was asked for. */
export function RunsCompute({ asked }: { readonly asked: BackendName }) {
  if (asked === 'reference')
    return (
      <Computes words={t('CPU, float64')} reason={t('Every run computes in float64 on the CPU, as was asked for.')} />
    );
  const why = t(
    'Runs side by side compute on the CPU: one on each core, all of them with the same arithmetic. One GPU would have to do them one after the other.',
  );
  if (asked !== 'gpu') return <Computes words={t('CPU')} reason={why} />;
  return (
    <Computes
      words={t('CPU, not the GPU')}
      reason={`${t('A GPU was asked for.')} ${why} ${t('Train the model alone to use the GPU.')}`}
      icon="warning"
    />
  );
}
