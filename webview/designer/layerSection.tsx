import { layerFields } from '../../engine/model/layerFields.ts';
import { ActivationGraph } from '../kit/activationGraph.tsx';
import { TextField } from '../kit/textField.tsx';
import { FieldRow, Row } from './fieldRow.tsx';
import { Section, type SectionProps } from './section.tsx';

/** The fields of one layer, as its type's table lists them. */
export function LayerSection({
  designer,
  model,
  disabled,
  initiallyOpen,
  index,
}: SectionProps & { readonly index: number }) {
  const layer = model.layers[index];
  if (!layer) return null;
  const values = new Map<string, unknown>(Object.entries(layer));
  const taken = new Set(model.layers.filter((_, i) => i !== index).map(({ id }) => id));
  return (
    <Section title="Layer" summary={layer.id} initiallyOpen={initiallyOpen}>
      <Row label="Id" title="The name of the layer: in the picture, in messages, and of its tensors on disk.">
        <TextField
          label="Id"
          value={layer.id}
          check={text => idProblem(text, taken)}
          onCommit={id =>
            designer.edit({ kind: 'setValue', path: ['layers', index, 'id'], value: id }, `Renamed to ${id}.`)
          }
          disabled={disabled}
          testId="inspector-id"
        />
      </Row>
      {Object.entries(layerFields[layer.type]).map(([name, field]) => (
        <FieldRow
          key={name}
          designer={designer}
          name={name}
          field={field}
          value={values.get(name)}
          path={['layers', index, name]}
          disabled={disabled}
        />
      ))}
      {layer.type === 'dense' && (
        <div class="wide">
          <ActivationGraph activation={layer.activation} />
        </div>
      )}
    </Section>
  );
}

function idProblem(text: string, taken: ReadonlySet<string>): string | undefined {
  if (!/^[A-Za-z_][A-Za-z0-9_-]{0,63}$/.test(text))
    return 'Must begin with a letter and hold only letters, digits, _ and - (64 at most).';
  return taken.has(text) ? `Another layer is called "${text}".` : undefined;
}
