import {
  generatorFields,
  missingFields,
  normalizations,
  sourceKinds,
  splitFields,
} from '../../engine/model/dataFields.ts';
import { sourceFiles } from '../../engine/model/dataSource.ts';
import type { DesignerState } from '../../engine/protocol/views.ts';
import { Button } from '../kit/button.tsx';
import { Checkbox } from '../kit/checkbox.tsx';
import { Dropdown } from '../kit/dropdown.tsx';
import { TextField } from '../kit/textField.tsx';
import { DataFacts } from './dataFacts.tsx';
import { FieldRow, Row } from './fieldRow.tsx';
import { Section, type SectionProps } from './section.tsx';

interface DataSectionProps extends SectionProps {
  readonly host: DesignerState;
}

/** Where the data come from, how they are divided and scaled, and what they hold. */
export function DataSection({ designer, model, disabled, initiallyOpen, host }: DataSectionProps) {
  const { data, trusted } = host;
  const { source, split, normalization } = model.data;
  const set = (path: string[], value: string | boolean) =>
    designer.edit({ kind: 'setValue', path: ['data', ...path], value }, `${path.at(-1) ?? ''}: ${String(value)}.`);
  return (
    <Section
      title="Data"
      summary={
        source.kind === 'generator' ? `${source.name} · ${source.samples}` : (sourceFiles(source)[0]?.path ?? '')
      }
      initiallyOpen={initiallyOpen}
    >
      {source.kind === 'generator' ? (
        Object.entries(generatorFields).map(([name, field]) => (
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
              title={`The ${sourceKinds[source.kind].title} file, relative to the model file.`}
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
            <Row label="Target" title="The column to predict.">
              {typeof source.target === 'string' && data ? (
                <Dropdown
                  label="Target"
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
        <Row label="Split" title="A file with the rows of each part.">
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
          <Row label="Stratify" title="Keeps the share of each class equal in all parts.">
            <Checkbox
              label="Stratify"
              value={split.stratify}
              onCommit={stratify => set(['split', 'stratify'], stratify)}
              disabled={disabled}
            />
          </Row>
        </>
      )}
      <Row label="Normalize" title="standard: mean 0, deviation 1. minMax: 0 to 1. Fitted on the training rows only.">
        <Dropdown
          label="Normalization"
          value={normalization}
          values={normalizations}
          onCommit={chosen => set(['normalization'], chosen)}
          disabled={disabled}
          testId="inspector-normalization"
        />
      </Row>
      <div class="wide">
        <Button
          onPress={() => void designer.host.chooseTable.asEvent()}
          disabled={disabled || !trusted}
          title="Takes a CSV file as the data: choose the file and the column to predict"
          testId="choose-table"
        >
          Choose CSV…
        </Button>
      </div>
      {data && <DataFacts data={data} />}
    </Section>
  );
}
