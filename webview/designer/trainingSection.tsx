import { samplings, trainingFields } from '../../engine/model/dataFields.ts';
import { count, labelOf } from '../../engine/model/fields.ts';
import { Button } from '../kit/button.tsx';
import { Checkbox } from '../kit/checkbox.tsx';
import { Dropdown } from '../kit/dropdown.tsx';
import { t, tableText } from '../kit/language.ts';
import { isWithin } from '../kit/numberRange.ts';
import { TextField } from '../kit/textField.tsx';
import { FieldRow, Row } from './fieldRow.tsx';
import { Section, type SectionProps } from './section.tsx';
import { ClipRows, EarlyStoppingRows, ScheduleRows } from './trainingOptions.tsx';

const batchRows = count(32, 1, 1_000_000, t('Rows per update.'));
const seeds = count(42, 0, 4_294_967_295, t('Every random choice follows from this number.'));

/** What kind of descent a batch size makes. */
const descentName = (batchSize: number | 'full'): string =>
  batchSize === 'full' ? t('Gradient descent') : batchSize === 1 ? t('Stochastic gradient descent') : t('Minibatch');

export function TrainingSection({ designer, model, disabled, initiallyOpen }: SectionProps) {
  const { training, seed } = model;
  const set = (name: string, value: string | number | boolean) =>
    designer.edit(
      { kind: 'setValue', path: ['training', name], value },
      `${tableText(labelOf(name))}: ${String(value)}.`,
    );
  return (
    <Section
      designer={designer}
      title={t('Training')}
      summary={t('{0} epochs · batch {1}', training.epochs, training.batchSize)}
      initiallyOpen={initiallyOpen}
    >
      <FieldRow
        designer={designer}
        name="epochs"
        field={trainingFields.epochs}
        value={training.epochs}
        path={['training', 'epochs']}
        disabled={disabled}
      />
      <Row label={t('Batch size')} title={t('Rows per update: 1 is stochastic, full is plain gradient descent.')}>
        <TextField
          label={t('Batch size')}
          value={String(training.batchSize)}
          check={text =>
            text === 'full' || isWithin(batchRows, text) ? undefined : 'Must be a whole number from 1 on, or full.'
          }
          onCommit={text => set('batchSize', text === 'full' ? 'full' : Number(text))}
          disabled={disabled}
          testId="inspector-batchSize"
        />
      </Row>
      <div class="wide note">{descentName(training.batchSize)}.</div>
      <Row
        label={t('Sampling')}
        title={t('shuffle: a new order each epoch. sequential: file order. replacement: independent draws.')}
      >
        {typeof training.sampling === 'string' ? (
          <Dropdown
            label={t('Sampling')}
            value={training.sampling}
            values={samplings}
            onCommit={sampling => set('sampling', sampling)}
            disabled={disabled}
            testId="inspector-sampling"
          />
        ) : (
          <span class="code">{training.sampling.file}</span>
        )}
      </Row>
      <ScheduleRows designer={designer} training={training} disabled={disabled} />
      <EarlyStoppingRows designer={designer} training={training} disabled={disabled} />
      <ClipRows designer={designer} training={training} disabled={disabled} />
      <Row label={t('Drop last')} title={t('Leaves out a last batch that is not full.')}>
        <Checkbox
          label={t('Drop last')}
          value={training.dropLast}
          onCommit={dropLast => set('dropLast', dropLast)}
          disabled={disabled}
        />
      </Row>
      <FieldRow designer={designer} name="seed" field={seeds} value={seed} path={['seed']} disabled={disabled} />
      <div class="wide">
        <Button
          onPress={() =>
            designer.edit(
              { kind: 'setValue', path: ['seed'], value: seed < seeds.max ? seed + 1 : 0 },
              'Another seed: other data, weights and order.',
            )
          }
          disabled={disabled}
          title={t('Takes the next seed: other data of a built-in set, other first weights, another order')}
          testId="next-seed"
        >
          {t('Draw Again')}
        </Button>
      </div>
    </Section>
  );
}
