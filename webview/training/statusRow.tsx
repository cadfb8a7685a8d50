import { progressText } from '../../engine/protocol/dataText.ts';
import { computedWith, processorOf } from '../../engine/protocol/devices.ts';
import type { EndEvent } from '../../engine/protocol/events.ts';
import type { RunState, TrainingPanelState } from '../../engine/protocol/views.ts';
import { Icon } from '../kit/button.tsx';
import { t } from '../kit/language.ts';
import { countText, durationText, figureText, percentText } from '../kit/numberText.ts';
import { Alarm } from './alarm.tsx';
import { secondsLeft, type Curves } from './curves.ts';
import type { TrainingHost } from './state.ts';
import { splitWord } from './splitWord.ts';

const stateWords: Record<RunState, string> = {
  idle: '',
  starting: t('Starting…'),
  running: t('Training'),
  paused: t('Paused'),
  stopping: t('Stopping…'),
};

const endWords: Record<EndEvent['reason'], { readonly icon: string; readonly text: string; readonly tone: string }> = {
  completed: { icon: 'pass', text: t('Completed'), tone: 'okc' },
  earlyStopped: { icon: 'pass', text: t('Stopped early'), tone: 'okc' },
  stopped: { icon: 'debug-stop', text: t('Stopped'), tone: 'muted' },
  diverged: { icon: 'warning', text: t('Diverged'), tone: 'warnc' },
  failed: { icon: 'error', text: t('Failed'), tone: 'errc' },
};

interface StatusRowProps {
  readonly host: TrainingHost;
  readonly curves: Curves;
  readonly panel: TrainingPanelState;
  /** What would help against the last alarm, in words. */
  readonly remedies: readonly string[];
}

/** Where the run stands, in one line, and below it what the user should know. */
export function StatusRow({ host, curves, panel, remedies }: StatusRowProps) {
  const { runState, modelChanged } = panel;
  const left = runState === 'running' ? secondsLeft(curves) : undefined;
  const { start, metrics, progress, warning, end } = curves;
  const last = metrics.at(-1);
  // Its process was gone before it could tell how the run ends.
  const interrupted = start !== undefined && !end && runState === 'idle' && panel.resumable;
  return (
    <>
      <div class="status">
        {end ? (
          <EndBadge end={end} />
        ) : interrupted ? (
          <span data-testid="interrupted">
            <Icon name="debug-disconnect" class="warnc" /> {t('Interrupted')}
          </span>
        ) : (
          <span>{stateWords[runState]}</span>
        )}
        {progress && !end && <span data-testid="reading">{progressText(progress.bytesRead, progress.bytesTotal)}</span>}
        {start && (
          <>
            <span>
              <span class="muted">{t('epoch')} </span>
              <b data-testid="epoch" data-value={last?.epoch ?? 0}>
                {countText(last?.epoch ?? 0)}
              </b>
              <span class="muted"> / {countText(start.epochs)}</span>
            </span>
            <span class="wide">
              <span class="muted">{t('step')} </span>
              <b>{countText(last?.step ?? 0)}</b>
              <span class="muted"> / {countText(start.totalSteps)}</span>
            </span>
            {last && last.samplesPerSecond > 0 && !end && (
              <span class="wide">
                <b>{countText(last.samplesPerSecond)}</b>
                <span class="muted"> {t('samples/s')}</span>
              </span>
            )}
            {left !== undefined && (
              <span class="wide">
                <b>{durationText(left)}</b>
                <span class="muted"> {t('left')}</span>
              </span>
            )}
            {modelChanged && (
              <span
                class="badge"
                title={t('The run goes on with the model it began with; train again to use the changes')}
              >
                <Icon name="edit" class="warnc" /> {t('model changed')}
              </span>
            )}
            <span class="grow" />
            <span class="backend" title={`${start.device}: ${start.backendReason}`}>
              <Icon
                name="chip"
                class={start.backend === 'gpu' && processorOf(start.device) !== 'GPU' ? 'warnc' : 'okc'}
              />{' '}
              <b>{computedWith(start)}</b>
              <span class="muted wide"> {start.backendReason}</span>
            </span>
          </>
        )}
      </div>
      {warning && (!end || remedies.length > 0) && (
        <Alarm warning={warning} remedies={remedies} onRemedy={index => void host.applyRemedy.asEvent(index)} />
      )}
      {end && <EndLine end={end} />}
      {interrupted && warning?.code !== 'owner-gone' && (
        <div class="message" role="status">
          {t('It was cut off. Resume goes on from its last checkpoint, to the same end.')}
        </div>
      )}
    </>
  );
}

function EndBadge({ end: { reason } }: { readonly end: EndEvent }) {
  const { icon, text, tone } = endWords[reason];
  return (
    <span data-testid="end-reason" data-value={reason}>
      <Icon name={icon} class={tone} /> {text}
    </span>
  );
}

/** The final numbers of every split, and the message of a run that did not complete. */
function EndLine({ end: { message, metrics } }: { readonly end: EndEvent }) {
  const splits = Object.entries(metrics);
  return (
    <div class="message" role="status">
      {message !== undefined && <span>{message}</span>}
      {splits.map(([split, { loss, accuracy, r2 }]) => (
        <span key={split} data-testid={`final-${split}`} data-loss={loss} data-accuracy={accuracy}>
          <span class="muted">{splitWord(split)}</span> <b>{figureText(loss)}</b>
          {accuracy !== undefined && <span class="muted"> · {percentText(accuracy)}</span>}
          {r2 !== undefined && <span class="muted"> · R² {figureText(r2)}</span>}
        </span>
      ))}
    </div>
  );
}
