import { formulaFunctions, readFormula } from '../../engine/model/formula.ts';
import { surfaceNames, surfaceTable } from '../../engine/model/surfaceTable.ts';
import { mostRaceSteps } from '../../engine/protocol/lab.ts';
import type { NumberField as NumberRow } from '../../engine/model/fields.ts';
import { IconButton } from '../kit/button.tsx';
import { Dropdown } from '../kit/dropdown.tsx';
import { t, tableText } from '../kit/language.ts';
import { NumberField } from '../kit/numberField.tsx';
import { figureText } from '../kit/numberText.ts';
import { TextField } from '../kit/textField.tsx';
import type { Lab } from './lab.ts';
import { phasesOf, stepRecord } from './phases.ts';
import { speeds } from './playback.ts';
import { presets } from './presets.ts';
import { labModes, surfaceTitle, type LabMode, type LabState } from './state.ts';
import { usePlayback } from './usePlayback.ts';

interface ToolbarProps {
  readonly lab: Lab;
  readonly state: LabState;
}

const modeTitles: Readonly<Record<LabMode, string>> = {
  surface: t('Test surface'),
  network: t('My network'),
  noise: t('Gradient noise'),
};

/** The race: back, play, step, speed; what is looked at. */
export function Toolbar({ lab, state }: ToolbarProps) {
  const { playback } = lab;
  const { step, isPlaying, speed } = usePlayback(playback);
  const { length } = playback;
  const isNoise = state.mode === 'noise';
  return (
    <div class="bar" role="toolbar" aria-label={t('Race')}>
      <IconButton
        icon="debug-restart"
        label={t('Back to start')}
        disabled={isNoise}
        onPress={() => {
          playback.pause();
          playback.seek(0);
        }}
        testId="restart-button"
      />
      <IconButton
        icon="debug-step-back"
        label={t('One step back')}
        disabled={isNoise}
        onPress={() => {
          playback.pause();
          playback.seek(step - 1);
        }}
      />
      <IconButton
        icon={isPlaying ? 'debug-pause' : 'play'}
        label={isPlaying ? t('Pause') : t('Play')}
        disabled={isNoise || length === 0}
        onPress={() => (isPlaying ? playback.pause() : playback.play())}
        testId="play-button"
      />
      <IconButton
        icon="debug-step-over"
        label={state.mode === 'surface' ? t('One phase forward (F10)') : t('One step forward (F10)')}
        disabled={isNoise}
        onPress={() => forward(lab)}
        testId="phase-button"
      />
      <IconButton
        icon="debug-continue"
        label={t('One step forward')}
        disabled={isNoise}
        onPress={() => {
          playback.pause();
          playback.seek(step + 1);
        }}
        testId="step-button"
      />
      <input
        class="slider"
        type="range"
        min={0}
        max={length}
        step={1}
        value={step}
        disabled={isNoise}
        aria-label={t('Step')}
        onInput={event => {
          playback.pause();
          playback.seek(Number(event.currentTarget.value));
        }}
        data-testid="step-slider"
      />
      <span class="small steps">
        <b data-testid="step" data-value={step}>
          {step}
        </b>{' '}
        <span class="muted">/ {length}</span>
      </span>
      <span class="seg" role="group" aria-label={t('Speed')}>
        {speeds.map(value => (
          <button
            key={value}
            type="button"
            aria-pressed={value === speed}
            class={value === speed ? 'on' : ''}
            onClick={() => playback.setSpeed(value)}
          >
            {value < 1 ? '¼' : value}×
          </button>
        ))}
      </span>
      <span class="grow" />
      <span class="seg" role="group" aria-label={t('What is looked at')}>
        {labModes.map(mode => (
          <button
            key={mode}
            type="button"
            aria-pressed={mode === state.mode}
            class={mode === state.mode ? 'on' : ''}
            onClick={() => lab.setMode(mode)}
            data-testid={`mode-${mode}`}
          >
            {modeTitles[mode]}
          </button>
        ))}
      </span>
      <IconButton
        icon="table"
        label={state.asTable ? t('Show the pictures') : t('Show as a table')}
        pressed={state.asTable}
        disabled={isNoise}
        onPress={() => lab.store.update({ asTable: !state.asTable })}
        testId="table-button"
      />
    </div>
  );
}

/** One phase of the selected optimizer's step; without phases one step. */
export function forward({ playback, store }: Lab): void {
  const { mode, setup, tracks, selected } = store.state;
  const track = tracks[selected];
  const racer = setup.racers[selected];
  const hasPhases = mode === 'surface' && track && racer && playback.step < track.steps;
  playback.nextPhase(hasPhases ? phasesOf(stepRecord(racer.optimizer, track, playback.step)).length : 1);
}

const formulaChoice = t('Formula…');
const custom = t('Your own');
const stepsField: NumberRow = {
  kind: 'number',
  default: 300,
  min: 1,
  max: mostRaceSteps,
  integer: true,
  description: t('Steps of the race.'),
};
const stopField: NumberRow = {
  kind: 'number',
  default: 0,
  min: 0,
  max: 1e6,
  description: t('An optimizer rests where its gradient is no longer than this. 0: it runs all steps.'),
};
const curvatureField: NumberRow = {
  kind: 'number',
  default: 1,
  min: -1e4,
  max: 1e4,
  description: t('Curvature along one axis. Gradient descent is stable while α is below 2/λ.'),
};

/** What the race is on: preset, surface or formula, start and length. */
export function SurfaceBar({ lab, state }: ToolbarProps) {
  const { setup, preset } = state;
  const { surface, start, steps, stopGradient } = setup;
  const titles = surfaceNames.map(name => tableText(surfaceTable[name].title));
  return (
    <div class="bar second" role="toolbar" aria-label={t('Surface')}>
      <span class="muted label">{t('Preset')}</span>
      <div class="choice">
        <Dropdown
          label={t('Preset')}
          value={preset === '' ? custom : preset}
          values={preset === '' ? [custom, ...presetTitles] : presetTitles}
          onCommit={title => lab.takePreset(title)}
          testId="preset"
        />
      </div>
      <span class="muted label">{t('Surface')}</span>
      <div class="choice">
        <Dropdown
          label={t('Surface')}
          value={surface.kind === 'formula' ? formulaChoice : surfaceTitle(setup)}
          values={[...titles, formulaChoice]}
          onCommit={title => {
            const name = surfaceNames.find(known => tableText(surfaceTable[known].title) === title);
            if (name) lab.takeSurface(name);
            else lab.takeFormula('x^2 - y^2 + y^4/4');
          }}
          testId="surface-choice"
        />
      </div>
      {surface.kind === 'quadratic' &&
        ([0, 1] as const).map(i => (
          <div key={i} class="number lambda">
            <span class="muted">λ{i === 0 ? '₁' : '₂'}</span>
            <NumberField
              label={`λ${i === 0 ? '₁' : '₂'}`}
              field={curvatureField}
              value={surface.lambda[i]}
              onCommit={value => lab.setLambda(i === 0 ? [value, surface.lambda[1]] : [surface.lambda[0], value])}
            />
          </div>
        ))}
      {surface.kind === 'formula' ? (
        <div class="formula">
          <TextField
            label={t('Formula of x and y')}
            value={surface.text}
            check={text => {
              const { issue } = readFormula(text);
              return issue && t('Character {0}: {1}', issue.offset + 1, issue.message);
            }}
            onCommit={text => lab.takeFormula(text)}
            hint={t('x, y, pi, e, + - * / ^, brackets, {0}', formulaFunctions.join(', '))}
            testId="formula"
          />
        </div>
      ) : (
        <span class="muted math shown wide">
          {surfaceTable[surface.kind === 'named' ? surface.name : 'quadratic'].formula}
        </span>
      )}
      <span class="grow" />
      <span class="muted small wide" data-testid="start">
        {t('start ({0}, {1})', figureText(start[0], 4), figureText(start[1], 4))}
      </span>
      <span class="muted">{t('Steps')}</span>
      <div class="number">
        <NumberField
          label={t('Steps')}
          field={stepsField}
          value={steps}
          onCommit={value => lab.setSteps(value)}
          testId="race-steps"
        />
      </div>
      <span class="muted">{t('Stop at ‖g‖')}</span>
      <div class="number">
        <NumberField
          label={t('Stop at gradient')}
          field={stopField}
          value={stopGradient}
          onCommit={value => lab.setStopGradient(value)}
          testId="stop-gradient"
        />
      </div>
    </div>
  );
}

const presetTitles = presets.map(({ title }) => title);
