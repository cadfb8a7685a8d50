import { Fragment } from 'preact';
import { defaultOf, optimizerForms, type FieldTable, type OptimizerForm } from '../../engine/model/fields.ts';
import { optimizerFields, optimizerTypes, type OptimizerType } from '../../engine/model/optimizerFields.ts';
import { Dropdown } from '../kit/dropdown.tsx';
import { LogSlider } from '../kit/logSlider.tsx';
import { FieldRow, Row } from './fieldRow.tsx';
import { sliderRange, StabilityGauge } from './stabilityGauge.tsx';
import { Section, type SectionProps } from './section.tsx';

/** What each form of an optimizer is. */
const formNotes: Record<OptimizerForm, string> = {
  article: 'The formulas as the article writes them.',
  pytorch: 'The formulas and defaults of PyTorch.',
  keras: 'The formulas and defaults of Keras.',
};

export function OptimizerSection({ designer, model, disabled, initiallyOpen }: SectionProps) {
  const { optimizer } = model;
  const table: FieldTable = optimizerFields[optimizer.type];
  const values: Readonly<Record<string, unknown>> = optimizer;
  const setRate = (learningRate: number) =>
    designer.edit(
      { kind: 'setValue', path: ['optimizer', 'learningRate'], value: learningRate },
      `Learning rate: ${learningRate}.`,
    );
  return (
    <Section
      designer={designer}
      title="Optimizer"
      summary={`${optimizer.type} · α ${optimizer.learningRate}`}
      initiallyOpen={initiallyOpen}
    >
      <Row label="Type" title="How a gradient becomes a step.">
        <Dropdown
          label="Optimizer"
          value={optimizer.type}
          values={optimizerTypes}
          onCommit={type =>
            designer.edit(
              { kind: 'setValue', path: ['optimizer'], value: freshOptimizer(type as OptimizerType, optimizer.form) },
              `Optimizer: ${type}.`,
            )
          }
          disabled={disabled}
          testId="inspector-optimizer"
        />
      </Row>
      <Row label="Form" title={formNotes[optimizer.form]}>
        <Dropdown
          label="Form"
          value={optimizer.form}
          values={optimizerForms}
          onCommit={form =>
            designer.edit({ kind: 'setValue', path: ['optimizer', 'form'], value: form }, `Form: ${form}.`)
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
                label="Learning rate"
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
