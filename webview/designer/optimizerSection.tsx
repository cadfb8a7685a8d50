import { Fragment } from 'preact';
import { defaultOf, optimizerForms, type FieldTable, type OptimizerForm } from '../../engine/model/fields.ts';
import { optimizerFields, optimizerTypes, type OptimizerType } from '../../engine/model/optimizerFields.ts';
import { Dropdown } from '../kit/dropdown.tsx';
import { t } from '../kit/language.ts';
import { LogSlider } from '../kit/logSlider.tsx';
import { FieldRow, Row } from './fieldRow.tsx';
import { sliderRange, StabilityGauge } from './stabilityGauge.tsx';
import { Section, type SectionProps } from './section.tsx';

/** What each form of an optimizer is. */
const formNotes: Record<OptimizerForm, string> = {
  article: t('The formulas as the article writes them.'),
  pytorch: t('The formulas and defaults of PyTorch.'),
  keras: t('The formulas and defaults of Keras.'),
};

export function OptimizerSection({ designer, model, disabled, initiallyOpen }: SectionProps) {
  const { optimizer } = model;
  const table: FieldTable = optimizerFields[optimizer.type];
  const values: Readonly<Record<string, unknown>> = optimizer;
  const setRate = (learningRate: number) =>
    designer.edit(
      { kind: 'setValue', path: ['optimizer', 'learningRate'], value: learningRate },
      t('Learning rate: {0}.', learningRate),
    );
  return (
    <Section
      designer={designer}
      title={t('Optimizer')}
      summary={`${optimizer.type} · α ${optimizer.learningRate}`}
      initiallyOpen={initiallyOpen}
    >
      <Row label={t('Type')} title={t('How a gradient becomes a step.')}>
        <Dropdown
          label={t('Optimizer')}
          value={optimizer.type}
          values={optimizerTypes}
          onCommit={type =>
            designer.edit(
              { kind: 'setValue', path: ['optimizer'], value: freshOptimizer(type as OptimizerType, optimizer.form) },
              t('Optimizer: {0}.', type),
            )
          }
          disabled={disabled}
          testId="inspector-optimizer"
        />
      </Row>
      <Row label={t('Form')} title={formNotes[optimizer.form]}>
        <Dropdown
          label={t('Form')}
          value={optimizer.form}
          values={optimizerForms}
          onCommit={form =>
            designer.edit({ kind: 'setValue', path: ['optimizer', 'form'], value: form }, t('Form: {0}.', form))
          }
          disabled={disabled}
          testId="inspector-form"
        />
      </Row>
      {Object.entries(table).map(([name, field]) => (
        <Fragment key={name}>
          <FieldRow
            designer={designer}
            name={name}
            field={field}
            value={values[name]}
            path={['optimizer', name]}
            disabled={disabled}
          />
          {name === 'learningRate' && (
            <div class="wide">
              <LogSlider
                label={t('Learning rate')}
                value={optimizer.learningRate}
                {...sliderRange}
                onCommit={setRate}
                disabled={disabled}
              />
              <div class="slider-scale tick" aria-hidden="true">
                {['10⁻⁵', '10⁻⁴', '10⁻³', '10⁻²', '10⁻¹', '1'].map(text => (
                  <span key={text}>{text}</span>
                ))}
              </div>
              <StabilityGauge stability={designer.store.state.host?.stability} learningRate={optimizer.learningRate} />
            </div>
          )}
        </Fragment>
      ))}
    </Section>
  );
}

/** Another optimizer begins with a learning rate that suits it; the form stays. */
function freshOptimizer(type: OptimizerType, form: OptimizerForm) {
  const learningRate = defaultOf(optimizerFields[type].learningRate, form);
  return { type, learningRate, ...(form !== 'article' && { form }) };
}
