import { losses } from '../../engine/model/dataFields.ts';
import { Dropdown } from '../kit/dropdown.tsx';
import { t } from '../kit/language.ts';
import { lossInfo } from './cards.tsx';
import { Row } from './fieldRow.tsx';
import { Section, type SectionProps } from './section.tsx';

export function LossSection({ designer, model, disabled, initiallyOpen }: SectionProps) {
  const { title, formula, use } = lossInfo[model.loss];
  return (
    <Section designer={designer} title={t('Loss')} summary={title} initiallyOpen={initiallyOpen}>
      <Row label={t('Loss')} title={t('What training makes small.')}>
        <Dropdown
          label={t('Loss')}
          value={model.loss}
          values={losses}
          onCommit={loss => designer.edit({ kind: 'setValue', path: ['loss'], value: loss }, t('Loss: {0}.', loss))}
          disabled={disabled}
          testId="inspector-loss"
        />
      </Row>
      <div class="wide formula">
        <span class="math">{formula}</span>
        <span class="note">{use}</span>
      </div>
    </Section>
  );
}
