import type { ComponentChildren } from 'preact';
import { fairStart } from '../../engine/protocol/standings.ts';
import { Button, Icon } from './button.tsx';
import type { ExperimentHost, ExperimentState } from './experimentStore.ts';
import { t } from './language.ts';

interface RunButtonsProps {
  readonly state: ExperimentState;
  readonly host: ExperimentHost;
  /** What the first run is called, and what it does. */
  readonly label: string;
  readonly title: string;
  readonly onRun?: () => void;
}

/** Run, run again, go on, or stop. */
export function RunButtons({ state: { progress, record, setup }, host, label, title, onRun }: RunButtonsProps) {
  const { phase, resumable } = progress;
  if (phase !== 'idle')
    return (
      <Button
        appearance="primary"
        disabled={phase === 'stopping'}
        onPress={() => void host.stop.asEvent()}
        testId="stop-button"
      >
        <Icon name="debug-stop" /> {t('Stop')}
      </Button>
    );
  const run = () => {
    onRun?.();
    void host.run.asEvent();
  };
  return (
    <>
      {resumable && (
        <Button
          appearance="primary"
          title={t('Do the runs that are missing; those that were cut off go on from their last checkpoint')}
          onPress={() => void host.resume.asEvent()}
          testId="resume-button"
        >
          <Icon name="debug-continue" /> {t('Resume')}
        </Button>
      )}
      <Button
        appearance={resumable ? 'secondary' : 'primary'}
        disabled={setup?.problem !== undefined}
        title={setup?.problem ?? title}
        onPress={run}
        testId="run-button"
      >
        <Icon name={record ? 'refresh' : 'play'} /> {record ? t('Run again') : label}
      </Button>
    </>
  );
}

/** How far it is, and what went wrong. */
export function ExperimentStatus({
  state: { progress, cells, record },
  children,
}: {
  readonly state: ExperimentState;
  readonly children?: ComponentChildren;
}) {
  const { phase, done, total, status, silent } = progress;
  if (total === 0) return null;
  const results = cells.flatMap(({ result }) => result ?? []);
  const lost = results.filter(({ reason }) => reason === 'diverged' || reason === 'failed').length;
  const whole = phase === 'idle' && done === total && fairStart(results).different.length === 0;
  const atRest = {
    running: t('At work in another process'),
    interrupted: t('Interrupted'),
    stopped: t('Stopped'),
  };
  const words = {
    tuning: t('Tuning learning rates'),
    running: '',
    stopping: t('Stopping'),
    idle: status === undefined || status === 'completed' ? '' : atRest[status],
  };
  const names = silent.flatMap(index => {
    const { variant, seed } = cells[index] ?? {};
    const name = variant === undefined ? undefined : record?.variants[variant]?.name;
    return name === undefined ? [] : t('{0}, seed {1}', name, seed ?? '');
  });
  return (
    <span class="status" role="status" data-testid="status" data-phase={phase} data-done={done} data-total={total}>
      {whole && <Icon name="pass" class="okc" />}
      <span>
        {words[phase] !== '' && `${words[phase]}: `}
        {phase === 'tuning' ? t('{0} of {1} trials', done, total) : t('{0} of {1} runs', done, total)}
      </span>
      {lost > 0 && <span class="warnc">{t('· {0} diverged or failed', lost)}</span>}
      {names.length > 0 && (
        <span class="warnc" data-testid="silent" title={t('Its process sends no heartbeat. Wait for it, or stop.')}>
          {t('· not responding: {0}', names.join('; '))}
        </span>
      )}
      {children}
    </span>
  );
}
