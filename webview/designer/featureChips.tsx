import { toggleFeature } from '../../engine/model/fitFeatures.ts';
import { featuresOf } from '../../engine/model/dataSource.ts';
import { featureNames, planeFeatures } from '../../engine/model/planeFeatures.ts';
import type { Model } from '../../engine/model/schema.ts';
import { t } from '../kit/language.ts';
import type { Designer } from './state.ts';

interface FeatureChipsProps {
  readonly designer: Designer;
  readonly model: Model;
  readonly disabled: boolean;
}

/** What the network is given of each point: one press adds a feature or takes one away. */
export function FeatureChips({ designer, model, disabled }: FeatureChipsProps) {
  const { source } = model.data;
  if (source.kind !== 'generator') return null;
  const chosen = featuresOf(source);
  const chips = featureNames.map(name => ({ name, isOn: chosen.includes(name), edit: toggleFeature(model, name) }));
  if (chips.every(({ edit }) => edit === undefined)) return null;
  return (
    <div class="wide">
      <div class="row-label" id="features-label">
        {t('Inputs')}
      </div>
      <div class="chips" role="group" aria-labelledby="features-label">
        {chips.map(({ name, isOn, edit }) => (
          <button
            key={name}
            type="button"
            class={`chip math${isOn ? ' on' : ''}`}
            aria-pressed={isOn}
            aria-label={name}
            title={
              edit
                ? isOn
                  ? t('Take {0} away from the inputs', name)
                  : t('Give the network {0} too', name)
                : t('A network has at least one input.')
            }
            disabled={disabled || !edit}
            onClick={() =>
              edit && designer.edit(edit, isOn ? t('Input {0} removed.', name) : t('Input {0} added.', name))
            }
            data-testid={`feature-${name}`}
          >
            {planeFeatures[name].formula}
          </button>
        ))}
      </div>
    </div>
  );
}
