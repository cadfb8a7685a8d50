import { useState } from 'preact/hooks';
import type { DesignerCommand } from '../../engine/protocol/views.ts';
import { Button, Icon, IconButton } from '../kit/button.tsx';
import { t } from '../kit/language.ts';
import { Menu, MenuItem } from './menu.tsx';
import type { Designer, ViewState } from './state.ts';

interface TrainProps {
  readonly designer: Designer;
  readonly state: ViewState;
}

/** *Train* with other ways to begin behind it; while a training runs, what holds it, moves it on, and ends it. */
export function TrainControls({ designer, state }: TrainProps) {
  const { runState } = state;
  const run = (command: DesignerCommand) => void designer.host.run.asEvent(command);
  if (runState === 'idle') return <TrainButton designer={designer} state={state} />;
  const paused = runState === 'paused';
  return (
    <span class="joined">
      <Button
        appearance="primary"
        onPress={() => run('stopTraining')}
        disabled={runState === 'stopping'}
        title={t('Stop the training; its weights are kept')}
        testId="stop-button"
      >
        <Icon name="debug-stop" /> {t('Stop')}
      </Button>
      <IconButton
        icon="debug-restart"
        label={t('Begin again from new weights; the weights so far are kept')}
        disabled={runState !== 'running' && !paused}
        onPress={() => void designer.host.restart.asEvent()}
        testId="restart-button"
      />
      <IconButton
        icon={paused ? 'debug-continue' : 'debug-pause'}
        label={paused ? t('Resume the training') : t('Pause the training')}
        disabled={!paused && runState !== 'running'}
        onPress={() => run(paused ? 'resumeTraining' : 'pauseTraining')}
        testId="pause-button"
      />
      <IconButton
        icon="debug-step-over"
        label={paused ? t('Do one training step') : t('Single steps are for a paused training')}
        disabled={!paused}
        onPress={() => run('stepTraining')}
        testId="step-button"
      />
    </span>
  );
}

function TrainButton({ designer, state: { host, resumable } }: TrainProps) {
  const [open, setOpen] = useState(false);
  const trusted = host?.trusted ?? false;
  const item = (command: DesignerCommand, icon: string, title: string) => (
    <MenuItem onChoose={() => void designer.host.run.asEvent(command)} testId={`menu-${command}`}>
      <Icon name={icon} />
      <span>{title}</span>
    </MenuItem>
  );
  return (
    <span class="joined">
      <Button
        appearance="primary"
        onPress={() => void designer.host.run.asEvent('train')}
        disabled={!trusted}
        title={trusted ? t('Train this model') : t('Trust this workspace to train')}
        testId="train-button"
      >
        <Icon name="play" /> {t('Train')}
      </Button>
      <Menu
        open={open}
        onOpen={setOpen}
        label={t('More ways to train')}
        title={t('More ways to train')}
        disabled={!trusted}
        testId="train-menu"
        kind="icon primary"
        face={<Icon name="chevron-down" />}
      >
        {item('train', 'play', t('Train from new weights'))}
        {resumable && (
          <MenuItem onChoose={() => void designer.host.resumeRun.asEvent()} testId="menu-resumeRun">
            <Icon name="debug-continue" />
            <span>{t('Resume the last run')}</span>
          </MenuItem>
        )}
        {item('runs.resume', 'history', t('Resume a run…'))}
        {item('runs.fork', 'repo-forked', t('Fork a run…'))}
        {item('compareOptimizers', 'git-compare', t('Compare optimizers'))}
        {item('sweep', 'settings', t('Sweep over fields'))}
        {item('openTrainingPanel', 'graph-line', t('Show the training panel'))}
      </Menu>
      <IconButton
        icon="debug-step-over"
        label={t('Begin with one training step, and stand still')}
        disabled={!trusted}
        onPress={() => void designer.host.run.asEvent('stepTraining')}
        testId="step-button"
      />
    </span>
  );
}
