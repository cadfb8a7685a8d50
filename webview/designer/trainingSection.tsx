import { samplings, trainingFields } from '../../engine/model/dataFields.ts';
import { count } from '../../engine/model/fields.ts';
import { Button } from '../kit/button.tsx';
import { Checkbox } from '../kit/checkbox.tsx';
import { Dropdown } from '../kit/dropdown.tsx';
import { isWithin } from '../kit/numberRange.ts';
import { TextField } from '../kit/textField.tsx';
import { FieldRow, labelOf, Row } from './fieldRow.tsx';
import { Section, type SectionProps } from './section.tsx';
import { ClipRows, EarlyStoppingRows, ScheduleRows } from './trainingOptions.tsx';

const batchRows = count(32, 1, 1_000_000, 'Rows per update.');
const seeds = count(42, 0, 4_294_967_295, 'Every random choice follows from this number.');

/** What kind of descent a batch size makes. */
const descentName = (batchSize: number | 'full'): string =>
  batchSize === 'full' ? 'Gradient descent' : batchSize === 1 ? 'Stochastic gradient descent' : 'Minibatch';

export function TrainingSection({ designer, model, disabled, initiallyOpen }: SectionProps) {
  const { training, seed } = model;
  const set = (name: string, value: string | number | boolean) =>
    designer.edit({ kind: 'setValue', path: ['training', name], value }, `${labelOf(name)}: ${String(value)}.`);
  return (
    <Section
      designer={designer}
      title="Training"
      summary={`${training.epochs} epochs · batch ${training.batchSize}`}
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
      <Row label="Batch size" title="Rows per update: 1 is stochastic, full is plain gradient descent.">
        <TextField
          label="Batch size"
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
        label="Sampling"
        title="shuffle: a new order each epoch. sequential: file order. replacement: independent draws."
      >
        {typeof training.sampling === 'string' ? (
          <Dropdown
            label="Sampling"
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
      <Row label="Drop last" title="Leaves out a last batch that is not full.">
        <Checkbox
          label="Drop last"
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
          title="Takes the next seed: other data of a built-in set, other first weights, another order"
          testId="next-seed"
        >
          Draw Again
        </Button>
      </div>
    </Section>
  );
}
