import type { BackendName } from '../../engine/model/dataFields.ts';
import { Icon } from './button.tsx';
import { t } from './language.ts';

interface ComputesProps {
  readonly words: string;
  readonly reason: string;
  /** It is not what was asked for. */
  readonly surprising?: boolean;
  /** The words give way where there is no room. */
  readonly brief?: boolean;
}

/** What computes, in a word or two; why, where the pointer rests on it. */
export function Computes({ words, reason, surprising = false, brief = false }: ComputesProps) {
  return (
    <span
      class="computes"
      role="img"
      aria-label={`${words}. ${reason}`}
      title={reason}
      data-testid={brief ? 'computes-brief' : 'computes'}
    >
      <Icon name={surprising ? 'warning' : 'chip'} class={surprising ? 'warnc' : 'muted'} />{' '}
      <span class={brief ? 'muted wide' : 'muted'}>{words}</span>
    </span>
  );
}

/** What computes the runs of an experiment, whatever was asked for. */
export function RunsCompute({ asked, brief = false }: { readonly asked: BackendName; readonly brief?: boolean }) {
  if (asked === 'reference')
    return (
      <Computes
        words={t('CPU, float64')}
        reason={t('Every run computes in float64 on the CPU, as was asked for.')}
        brief={brief}
      />
    );
  const why = t(
    'Runs side by side compute on the CPU: one on each core, all of them with the same arithmetic. One GPU would have to do them one after the other.',
  );
  if (asked !== 'gpu') return <Computes words={t('CPU')} reason={why} brief={brief} />;
  return (
    <Computes
      words={t('CPU, not the GPU')}
      reason={`${t('A GPU was asked for.')} ${why} ${t('Train the model alone to use the GPU.')}`}
      surprising
      brief={brief}
    />
  );
}
