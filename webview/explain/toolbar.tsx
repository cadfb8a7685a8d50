import { phases, type Phase, type StepExplanation } from '../../engine/protocol/explanation.ts';
import { IconButton } from '../kit/button.tsx';
import { t } from '../kit/language.ts';
import { countText } from '../kit/numberText.ts';

interface ToolbarProps {
  readonly title: string;
  readonly explanation: StepExplanation;
  readonly current: number;
  readonly digits: number;
  readonly onDigits: (digits: number) => void;
  readonly onGo: (index: number) => void;
  readonly onPhase: (phase: Phase) => void;
  readonly onChoose: (sample: number | null) => void;
}

export const phaseWords: Record<Phase, string> = {
  forward: t('Forward'),
  loss: t('Loss'),
  backward: t('Backward'),
  update: t('Update'),
};

/** Which rows are explained, where in the step we are, and how many digits are shown. */
export function Toolbar(props: ToolbarProps) {
  const { title, explanation, current, digits, onDigits, onGo, onPhase, onChoose } = props;
  const { sample, trainingRows, operations, step, batchRows, optimizer, trained } = explanation;
  const phase = operations[current]?.phase;
  return (
    <div class="bar" role="toolbar" aria-label={t('Step')}>
      <label>
        {t('Sample')}{' '}
        <input
          class="sample"
          type="number"
          min={1}
          max={trainingRows}
          value={sample === undefined ? '' : sample + 1}
          placeholder={t('batch')}
          onChange={event => {
            const chosen = Number(event.currentTarget.value);
            if (Number.isInteger(chosen) && chosen >= 1 && chosen <= trainingRows) onChoose(chosen - 1);
          }}
          data-testid="sample"
        />
      </label>
      <span class="muted">{t('of {0}', countText(trainingRows))}</span>
      <button
        type="button"
        class={`btn${sample === undefined ? ' on' : ''}`}
        aria-pressed={sample === undefined}
        onClick={() => onChoose(null)}
        data-testid="batch"
      >
        {t('Next batch')}
      </button>
      <span class="sep" />
      <IconButton
        icon="arrow-left"
        label={t('Back')}
        disabled={current === 0}
        onPress={() => onGo(current - 1)}
        testId="back"
      />
      {phases.map((name, i) => (
        <button
          key={name}
          type="button"
          class={`btn${name === phase ? ' on' : ''}`}
          aria-pressed={name === phase}
          onClick={() => onPhase(name)}
        >
          {i + 1} {phaseWords[name]}
        </button>
      ))}
      <IconButton
        icon="arrow-right"
        label={t('Next')}
        disabled={current === operations.length - 1}
        onPress={() => onGo(current + 1)}
        testId="next"
      />
      <span class="grow" />
      <span class="muted about">
        {title} · {trained ? t('weights of the last run') : t('first weights')} ·{' '}
        {t('step {0} · batch of {1} · {2}, {3} form', countText(step), batchRows, optimizer.type, optimizer.form)}
      </span>
      <span class="sep" />
      <span role="group" aria-label={t('Digits')}>
        {[2, 3, 6].map(count => (
          <button
            key={count}
            type="button"
            class={`btn${count === digits ? ' on' : ''}`}
            aria-pressed={count === digits}
            onClick={() => onDigits(count)}
          >
            {count}
          </button>
        ))}
      </span>
      <span class="muted">{t('digits')}</span>
    </div>
  );
}
