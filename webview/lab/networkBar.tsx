import type { NumberField as NumberRow } from '../../engine/model/fields.ts';
import { directionKinds, type DirectionKind } from '../../engine/protocol/lab.ts';
import { Button } from '../kit/button.tsx';
import { Dropdown } from '../kit/dropdown.tsx';
import { Computes } from '../kit/computes.tsx';
import { t } from '../kit/language.ts';
import { NumberField } from '../kit/numberField.tsx';
import type { Lab } from './lab.ts';
import { originOf, type LabState } from './state.ts';

export const epochsField: NumberRow = {
  kind: 'number',
  default: 100,
  min: 0,
  max: 100_000,
  integer: true,
  description: t('Epochs of training.'),
};

const furtherEpochsField: NumberRow = {
  ...epochsField,
  default: 0,
  description: t('Epochs that the optimizers train on from the weights of the run. 0 shows the run alone.'),
};

const directionTitles: Readonly<Record<DirectionKind, string>> = {
  paths: t('Plane of the paths'),
  random: t('Random directions'),
};

/** Which network is explored, around what, along which directions, for how long. */
export function NetworkBar({ lab, state }: { readonly lab: Lab; readonly state: LabState }) {
  const { network, model, modelProblem } = state;
  const origin = originOf(network);
  return (
    <div class="bar second" role="toolbar" aria-label={t('Network')}>
      <ModelChoice lab={lab} state={state} />
      {model && origin && (
        <>
          <span class="muted label">{t('Around')}</span>
          <div class="choice origin">
            <Dropdown
              label={t('Around')}
              value={origin.title}
              values={network.origins.map(({ title }) => title)}
              disabled={network.running}
              onCommit={title => lab.chooseOrigin(title)}
              testId="origin"
            />
          </div>
        </>
      )}
      <span class="muted label">{t('Directions')}</span>
      <div class="choice">
        <Dropdown
          label={t('Directions')}
          value={directionTitles[network.directions]}
          values={Object.values(directionTitles)}
          disabled={network.running}
          onCommit={title => {
            const directions = directionKinds.find(kind => directionTitles[kind] === title);
            if (directions) lab.setNetwork({ directions });
          }}
          testId="directions"
        />
      </div>
      {origin?.kind !== 'live' && (
        <>
          <span class="muted">{origin?.kind === 'run' ? t('Further epochs') : t('Epochs')}</span>
          <div class="number">
            {origin?.kind === 'run' ? (
              <NumberField
                key="further"
                label={t('Further epochs')}
                field={furtherEpochsField}
                value={network.furtherEpochs}
                disabled={network.running}
                onCommit={furtherEpochs => lab.setNetwork({ furtherEpochs })}
                testId="further-epochs"
              />
            ) : (
              <NumberField
                key="epochs"
                label={t('Epochs')}
                field={epochsField}
                value={network.epochs}
                disabled={network.running}
                onCommit={epochs => lab.setNetwork({ epochs })}
                testId="explore-epochs"
              />
            )}
          </div>
        </>
      )}
      {network.running ? (
        <Button onPress={() => lab.cancel()} testId="cancel-button">
          {t('Cancel')}
        </Button>
      ) : (
        <Button
          appearance="primary"
          disabled={!model || !origin}
          onPress={() => void lab.explore()}
          testId="explore-button"
        >
          {origin?.kind === 'live' ? t('Follow') : t('Explore')}
        </Button>
      )}
      <Computes
        words={t('CPU, float64')}
        reason={t(
          'The loss surface, the ways over it and the noise are computed in float64 on the cores of the CPU, never on a GPU. A training that is followed computes where it computes.',
        )}
      />
      <span class={`status ${modelProblem === '' ? 'muted' : 'errc'}`} role="status" data-testid="network-status">
        {modelProblem === '' ? network.message : modelProblem}
      </span>
    </div>
  );
}

/** The model at hand, and a way to take another. */
export function ModelChoice({ lab, state: { model } }: { readonly lab: Lab; readonly state: LabState }) {
  return (
    <Button
      onPress={() => lab.chooseModel()}
      testId="choose-model"
      title={t('Takes the model of the active editor, or asks')}
    >
      {model ? model.name : t('Choose a model…')}
    </Button>
  );
}
