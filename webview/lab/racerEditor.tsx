import { optimizerForms, type NumberField as NumberRow } from '../../engine/model/fields.ts';
import { optimizerFields, optimizerTypes } from '../../engine/model/optimizerFields.ts';
import type { OptimizerSettings } from '../../engine/model/schema.ts';
import { Button } from '../kit/button.tsx';
import { Checkbox } from '../kit/checkbox.tsx';
import { Dropdown } from '../kit/dropdown.tsx';
import { t } from '../kit/language.ts';
import { NumberField } from '../kit/numberField.tsx';
import type { Lab } from './lab.ts';
import { racersOf, type LabState } from './state.ts';

const deviationField: NumberRow = {
  kind: 'number',
  default: 0,
  min: 0,
  max: 1e6,
  description: t('Standard deviation of the gradient of one sample, in x and in y. 0 is the exact gradient.'),
};
const batchField: NumberRow = {
  kind: 'number',
  default: 1,
  min: 1,
  max: 1e6,
  integer: true,
  description: t('Samples whose gradients are averaged for a step.'),
};

/** The settings of the selected optimizer, from the field tables; adding and removing. */
export function RacerEditor({ lab, state }: { readonly lab: Lab; readonly state: LabState }) {
  const racers = racersOf(state);
  const racer = racers[state.selected];
  if (!racer) return null;
  const { optimizer, noise } = racer;
  // A value of a field table, checked by its field.
  const change = (name: string, value: number | boolean) =>
    lab.changeSelected({ optimizer: Object.assign({ ...optimizer }, { [name]: value }) });
  return (
    <div class="editor" data-testid="racer-editor">
      <Field label={t('Optimizer')}>
        <Dropdown
          label={t('Optimizer')}
          value={optimizer.type}
          values={optimizerTypes}
          onCommit={name => {
            const type = optimizerTypes.find(known => known === name);
            if (type) lab.changeType(type);
          }}
          testId="racer-type"
        />
      </Field>
      <Field label={t('Form')}>
        <Dropdown
          label={t('Form')}
          value={optimizer.form}
          values={optimizerForms}
          onCommit={name => {
            const form = optimizerForms.find(known => known === name);
            if (form) lab.changeSelected({ optimizer: { ...optimizer, form } });
          }}
        />
      </Field>
      {Object.entries(optimizerFields[optimizer.type]).map(([name, field]) => {
        const value = valueOf(optimizer, name);
        return (
          <Field key={name} label={field.kind === 'number' && field.symbol ? `${name} ${field.symbol}` : name}>
            {field.kind === 'number' ? (
              <NumberField
                label={name}
                field={field}
                value={Number(value)}
                onCommit={number => change(name, number)}
                testId={`racer-${name}`}
              />
            ) : (
              <Checkbox label={name} value={value === true} onCommit={on => change(name, on)} />
            )}
          </Field>
        );
      })}
      {state.mode === 'surface' && (
        <>
          <Field label={t('gradient noise σ')}>
            <NumberField
              label={t('gradient noise')}
              field={deviationField}
              value={noise?.deviation ?? 0}
              onCommit={deviation => lab.changeSelected({ noise: { deviation, batchSize: noise?.batchSize ?? 1 } })}
              testId="racer-noise"
            />
          </Field>
          {noise !== undefined && noise.deviation > 0 && (
            <Field label={t('batch size')}>
              <NumberField
                label={t('batch size')}
                field={batchField}
                value={noise.batchSize}
                onCommit={batchSize => lab.changeSelected({ noise: { ...noise, batchSize } })}
              />
            </Field>
          )}
        </>
      )}
      <div class="buttons">
        <Button onPress={() => lab.addRacer('adam')} testId="add-racer">
          {t('Add')}
        </Button>
        <Button onPress={() => lab.removeSelected()} disabled={racers.length === 1} testId="remove-racer">
          {t('Remove')}
        </Button>
      </div>
    </div>
  );
}

function Field({ label, children }: { readonly label: string; readonly children: preact.ComponentChildren }) {
  return (
    <div class="field">
      <span class="muted">{label}</span>
      {children}
    </div>
  );
}

const valueOf = (optimizer: OptimizerSettings, name: string): unknown =>
  Object.entries(optimizer).find(([known]) => known === name)?.[1];
