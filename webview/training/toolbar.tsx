import type { ComponentChildren } from 'preact';
import { optimizerFields } from '../../engine/model/optimizerFields.ts';
import type { TrainingPanelState } from '../../engine/protocol/views.ts';
import { Button, Icon, IconButton } from '../kit/button.tsx';
import { t } from '../kit/language.ts';
import { LogSlider } from '../kit/logSlider.tsx';
import { NumberField } from '../kit/numberField.tsx';
import type { Curves } from './curves.ts';
import type { TrainingHost } from './state.ts';

interface ToolbarProps {
  readonly host: TrainingHost;
  readonly panel: TrainingPanelState;
  readonly curves: Curves;
  readonly children: ComponentChildren;
}

/** Start, pause, stop, and the learning rate while it runs. */
export function Toolbar({ host, panel, curves, children }: ToolbarProps) {
  const { runState } = panel;
  const scheduled = curves.metrics.at(-1)?.learningRate;
  // What a schedule makes of the rate has more digits than anybody would type.
  const learningRate = curves.changes.at(-1)?.learningRate ?? (scheduled && Number(scheduled.toPrecision(3)));
  const change = (value: number) => void host.setLearningRate.asEvent(value);
  return (
    <div class="bar" role="toolbar" aria-label={t('Training')}>
      <MainButton host={host} panel={panel} />
      {runState === 'paused' && (
        <IconButton
          icon="debug-step-over"
          label={t('Do One Training Step')}
          onPress={() => void host.step.asEvent()}
          testId="step-button"
        />
      )}
      <IconButton
        icon="debug-stop"
        label={t('Stop Training')}
        disabled={runState === 'idle' || runState === 'stopping'}
        onPress={() => void host.stop.asEvent()}
        testId="stop-button"
      />
      {learningRate !== undefined && runState !== 'idle' && (
        <>
          <span class="sep" />
          <span class="muted label">{t('Learning rate')}</span>
          <LogSlider label={t('Learning rate')} value={learningRate} min={1e-5} max={1} onCommit={change} />
          <div class="rate">
            <NumberField
              label={t('Learning rate')}
              field={optimizerFields.sgd.learningRate}
              value={learningRate}
              onCommit={change}
              testId="learning-rate"
            />
          </div>
        </>
      )}
      <span class="grow" />
      {children}
    </div>
  );
}

function MainButton({ host, panel: { runState, resumable } }: Pick<ToolbarProps, 'host' | 'panel'>) {
  switch (runState) {
    case 'idle':
      return (
        <>
          <Button appearance="primary" onPress={() => void host.train.asEvent()} testId="train-button">
            <Icon name="play" /> {t('Train')}
          </Button>
          {resumable && (
            <Button
              onPress={() => void host.resumeRun.asEvent()}
              title={t('Go on exactly where this run stopped')}
              testId="resume-run-button"
            >
              <Icon name="debug-continue" /> {t('Resume')}
            </Button>
          )}
        </>
      );
    case 'paused':
      return (
        <Button appearance="primary" onPress={() => void host.resume.asEvent()} testId="resume-button">
          <Icon name="debug-continue" /> {t('Resume')}
        </Button>
      );
    case 'starting':
    case 'running':
    case 'stopping':
      return (
        <Button
          appearance="primary"
          disabled={runState !== 'running'}
          onPress={() => void host.pause.asEvent()}
          testId="pause-button"
        >
          <Icon name="debug-pause" /> {t('Pause')}
        </Button>
      );
  }
}
