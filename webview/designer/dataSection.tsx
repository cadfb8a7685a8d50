import {
  generatorFields,
  missingFields,
  normalizations,
  sourceKinds,
  splitFields,
  type SourceKind,
} from '../../engine/model/dataFields.ts';
import { sourceFiles } from '../../engine/model/dataSource.ts';
import type { DesignerState } from '../../engine/protocol/views.ts';
import { Button } from '../kit/button.tsx';
import { Checkbox } from '../kit/checkbox.tsx';
import { Dropdown } from '../kit/dropdown.tsx';
import { t, tableText } from '../kit/language.ts';
import { Segments } from '../kit/segments.tsx';
import { TextField } from '../kit/textField.tsx';
import { DataFacts } from './dataFacts.tsx';
import { DataSets, takeDataSet } from './dataSets.tsx';
import { FeatureChips } from './featureChips.tsx';
import { FieldRow, Row } from './fieldRow.tsx';
import { Section, type SectionProps } from './section.tsx';

const kinds = (Object.keys(sourceKinds) as SourceKind[]).map(
  kind => [kind, tableText(sourceKinds[kind].short)] as const,
);

/** Which data set is drawn is chosen by its picture. */
const drawnFields = Object.entries(generatorFields).filter(([name]) => name !== 'name');

interface DataSectionProps extends SectionProps {
  readonly host: DesignerState;
}

/** Where the data come from, how they are divided and scaled, and what they hold. */
export function DataSection({ designer, model, disabled, initiallyOpen, host }: DataSectionProps) {
  const { data, trusted } = host;
  const { source, split, normalization } = model.data;
  const set = (path: string[], value: string | boolean) =>
    designer.edit({ kind: 'setValue', path: ['data', ...path], value }, `${path.at(-1) ?? ''}: ${String(value)}.`);
  const chooseKind = (kind: SourceKind) => {
    if (kind !== 'generator') void designer.host.chooseData.asEvent(kind);
    else if (source.kind !== 'generator') takeDataSet(designer, generatorFields.name.default);
  };
  return (
    <Section
      designer={designer}
      title={t('Data')}
      summary={
        source.kind === 'generator' ? `${source.name} · ${source.samples}` : (sourceFiles(source)[0]?.path ?? '')
      }
      initiallyOpen={initiallyOpen}
    >
      <div class="wide">
        <Segments
          label={t('Kind of data')}
          value={source.kind}
          values={kinds}
          onChoose={chooseKind}
          disabled={disabled || !trusted}
          testId="inspector-source"
        />
      </div>
      {source.kind === 'generator' && (
        <div class="wide">
          <DataSets designer={designer} state={designer.store.state} named />
        </div>
      )}
      <FeatureChips designer={designer} model={model} disabled={disabled} />
      {source.kind === 'generator' ? (
        drawnFields.map(([name, field]) => (
          <FieldRow
            key={name}
            designer={designer}
            name={name}
            field={field}
            value={source[name as keyof typeof generatorFields]}
            path={['data', 'source', name]}
            disabled={disabled}
          />
        ))
      ) : (
        <>
          {sourceFiles(source).map(({ field, label, path }) => (
            <Row
              key={field}
              label={label}
              title={t('The {0} file, relative to the model file.', tableText(sourceKinds[source.kind].title))}
            >
              <TextField
                label={label}
                value={path}
                check={text => (text.trim() === '' ? 'Must name a file.' : undefined)}
                onCommit={text => set(['source', field], text)}
                disabled={disabled}
                testId={`inspector-${field}`}
              />
            </Row>
          ))}
          {source.kind === 'csv' && (
            <Row label={t('Target')} title={t('The column to predict.')}>
              {typeof source.target === 'string' && data ? (
                <Dropdown
                  label={t('Target')}
                  value={source.target}
                  values={[...new Set([...data.columns, source.target])]}
                  onCommit={target => set(['source', 'target'], target)}
                  disabled={disabled}
                  testId="inspector-target"
                />
              ) : (
                <span class="code">{String(source.target)}</span>
              )}
            </Row>
          )}
          {'missing' in source && (
            <FieldRow
              designer={designer}
              name="missing"
              field={missingFields.missing}
              value={source.missing}
              path={['data', 'source', 'missing']}
              disabled={disabled}
            />
          )}
        </>
      )}
      {'file' in split ? (
        <Row label={t('Split')} title={t('A file with the rows of each part.')}>
          <span class="code">{split.file}</span>
        </Row>
      ) : (
        <>
          {Object.entries(splitFields).map(([name, field]) => (
            <FieldRow
              key={name}
              designer={designer}
              name={name}
              field={field}
              value={split[name as keyof typeof splitFields]}
              path={['data', 'split', name]}
              disabled={disabled}
            />
          ))}
          <Row label={t('Stratify')} title={t('Keeps the share of each class equal in all parts.')}>
            <Checkbox
              label={t('Stratify')}
              value={split.stratify}
              onCommit={stratify => set(['split', 'stratify'], stratify)}
              disabled={disabled}
            />
          </Row>
        </>
      )}
      <Row
        label={t('Normalize')}
        title={t('standard: mean 0, deviation 1. minMax: 0 to 1. Fitted on the training rows only.')}
      >
        <Dropdown
          label={t('Normalization')}
          value={normalization}
          values={normalizations}
          onCommit={chosen => set(['normalization'], chosen)}
          disabled={disabled}
          testId="inspector-normalization"
        />
      </Row>
      {source.kind !== 'generator' && (
        <div class="wide">
          <Button
            onPress={() => chooseKind(source.kind)}
            disabled={disabled || !trusted}
            title={t('{0}: choose other files, and what to predict', tableText(sourceKinds[source.kind].title))}
            testId="choose-files"
          >
            {t('Choose…')}
          </Button>
        </div>
      )}
      {data && <DataFacts data={data} />}
    </Section>
  );
}
