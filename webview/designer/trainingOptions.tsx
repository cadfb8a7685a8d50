import { clipKinds, clipLimit } from '../../engine/model/dataFields.ts';
import type { FieldTable } from '../../engine/model/fields.ts';
import type { Training } from '../../engine/model/schema.ts';
import { earlyStoppingFields, scheduleFields, scheduleTypes } from '../../engine/model/scheduleFields.ts';
import { Checkbox } from '../kit/checkbox.tsx';
import { Dropdown } from '../kit/dropdown.tsx';
import { t } from '../kit/language.ts';
import { FieldRow, Row } from './fieldRow.tsx';
import type { Designer } from './state.ts';

interface OptionProps {
  readonly designer: Designer;
  readonly training: Training;
  readonly disabled: boolean;
}

const scheduleChoices = ['off', ...scheduleTypes];
const clipChoices = ['off', ...clipKinds];

/** Removes an option of the training, which is then off. */
const remove = (designer: Designer, name: string, said: string) =>
  designer.edit({ kind: 'removeValue', path: ['training', name] }, said);

interface TableRowsProps extends OptionProps {
  readonly option: 'schedule' | 'earlyStopping';
  readonly table: FieldTable;
}

/** The fields of an option that is on. */
function TableRows({ designer, training, disabled, option, table }: TableRowsProps) {
  const values: Readonly<Record<string, unknown>> = training[option] ?? {};
  return (
    <>
      {Object.entries(table).map(([name, field]) => (
        <FieldRow
          key={name}
          designer={designer}
          name={name}
          field={field}
          value={values[name]}
          path={['training', option, name]}
          disabled={disabled}
        />
      ))}
    </>
  );
}

export function ScheduleRows(props: OptionProps) {
  const { designer, training, disabled } = props;
  const { schedule } = training;
  return (
    <>
      <Row label={t('Schedule')} title={t('How the learning rate changes while training.')}>
        <Dropdown
          label={t('Schedule')}
          value={schedule?.type ?? 'off'}
          values={scheduleChoices}
          onCommit={type => {
            if (type === 'off') remove(designer, 'schedule', t('The learning rate stays.'));
            else
              designer.edit(
                { kind: 'setValue', path: ['training', 'schedule'], value: { type } },
                t('Schedule: {0}.', type),
              );
          }}
          disabled={disabled}
          testId="inspector-schedule"
        />
      </Row>
      {schedule && <TableRows {...props} option="schedule" table={scheduleFields[schedule.type]} />}
    </>
  );
}

export function EarlyStoppingRows(props: OptionProps) {
  const { designer, training, disabled } = props;
  return (
    <>
      <Row
        label={t('Early stop')}
        title={t('Ends the run when the validation loss stops falling, and keeps the best weights.')}
      >
        <Checkbox
          label={t('Early stopping')}
          value={training.earlyStopping !== undefined}
          onCommit={on => {
            if (on)
              designer.edit({ kind: 'setValue', path: ['training', 'earlyStopping'], value: {} }, t('Stops early.'));
            else remove(designer, 'earlyStopping', t('Does not stop early.'));
          }}
          disabled={disabled}
        />
      </Row>
      {training.earlyStopping && <TableRows {...props} option="earlyStopping" table={earlyStoppingFields} />}
    </>
  );
}

export function ClipRows({ designer, training, disabled }: OptionProps) {
  const { gradientClip } = training;
  return (
    <>
      <Row
        label={t('Clip gradients')}
        title={t('Keeps gradients from exploding: all together by their norm, or each by its value.')}
      >
        <Dropdown
          label={t('Clip gradients')}
          value={gradientClip?.by ?? 'off'}
          values={clipChoices}
          onCommit={by => {
            if (by === 'off') remove(designer, 'gradientClip', t('Gradients are not clipped.'));
            else
              designer.edit(
                {
                  kind: 'setValue',
                  path: ['training', 'gradientClip'],
                  value: { by, limit: gradientClip?.limit ?? clipLimit.default },
                },
                t('Gradients are clipped by {0}.', by),
              );
          }}
          disabled={disabled}
          testId="inspector-gradientClip"
        />
      </Row>
      {gradientClip && (
        <FieldRow
          designer={designer}
          name="clipLimit"
          field={clipLimit}
          value={gradientClip.limit}
          path={['training', 'gradientClip', 'limit']}
          disabled={disabled}
        />
      )}
    </>
  );
}
