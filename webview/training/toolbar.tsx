import type { ComponentChildren } from 'preact';
import { optimizerFields } from '../../engine/model/optimizerFields.ts';
import type { RunState } from '../../engine/protocol/views.ts';
import { Button, Icon, IconButton } from '../kit/button.tsx';
import { LogSlider } from '../kit/logSlider.tsx';
import { NumberField } from '../kit/numberField.tsx';
import type { Curves } from './curves.ts';
import type { TrainingHost } from './state.ts';

interface ToolbarProps {
  readonly host: TrainingHost;
  readonly runState: RunState;
  readonly curves: Curves;
  readonly children: ComponentChildren;
}

/** Start, pause, stop, and the learning rate while it runs. */
export function Toolbar({ host, runState, curves, children }: ToolbarProps) {
  const learningRate = curves.changes.at(-1)?.learningRate ?? curves.metrics.at(-1)?.learningRate;
  const change = (value: number) => void host.setLearningRate.asEvent(value);
  return (
    <div class="bar" role="toolbar" aria-label="Training">
      <MainButton host={host} runState={runState} />
      <IconButton
        icon="debug-stop"
        label="Stop Training"
        disabled={runState === 'idle' || runState === 'stopping'}
        onPress={() => void host.stop.asEvent()}
        testId="stop-button"
      />
      {learningRate !== undefined && runState !== 'idle' && (
        <>
          <span class="sep" />
          <span class="muted label">Learning rate</span>
          <LogSlider label="Learning rate" value={learningRate} min={1e-5} max={1} onCommit={change} />
          <div class="rate">
            <NumberField
              label="Learning rate"
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

function MainButton({ host, runState }: Pick<ToolbarProps, 'host' | 'runState'>) {
  switch (runState) {
    case 'idle':
      return (
        <Button appearance="primary" onPress={() => void host.train.asEvent()} testId="train-button">
          <Icon name="play" /> Train
        </Button>
      );
    case 'paused':
      return (
        <Button appearance="primary" onPress={() => void host.resume.asEvent()} testId="resume-button">
          <Icon name="debug-continue" /> Resume
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
          <Icon name="debug-pause" /> Pause
        </Button>
      );
  }
}
