import { layerFields, layerInfo, type LayerType } from '../../engine/model/layerFields.ts';
import { layerAt, layersIn, type LayerPath } from '../../engine/model/layerPaths.ts';
import type { Layer } from '../../engine/model/schema.ts';
import { ActivationGraph } from '../kit/activationGraph.tsx';
import { t, tableText } from '../kit/language.ts';
import { TextField } from '../kit/textField.tsx';
import { FieldRow, Row } from './fieldRow.tsx';
import { Section, type SectionProps } from './section.tsx';
import { fieldPath } from './selection.ts';

interface LayerSectionProps extends SectionProps {
  /** The layers selected; a field of several of one type sets them all. */
  readonly paths: readonly LayerPath[];
}

/** The fields of the selected layers, as the table of their type lists them. */
export function LayerSection({ designer, model, disabled, initiallyOpen, paths }: LayerSectionProps) {
  const [path = [], ...others] = paths;
  const layer = layerAt(model.layers, path);
  if (!layer) return null;
  const layers = paths.flatMap(other => layerAt(model.layers, other) ?? []);
  const type = commonType(layers);
  const siblings = layersIn(model.layers, path.slice(0, -1)) ?? [];
  const taken = new Set(siblings.filter(other => other !== layer).map(({ id }) => id));
  const values = valuesOf(layer);
  return (
    <Section
      designer={designer}
      title={paths.length > 1 ? t('Layers') : t('Layer')}
      summary={paths.length > 1 ? String(paths.length) : layer.id}
      initiallyOpen={initiallyOpen}
    >
      {paths.length === 1 && (
        <Row
          label={t('Id')}
          title={t('The name of the layer: in the picture, in messages, and of its tensors on disk.')}
        >
          <TextField
            label={t('Id')}
            value={layer.id}
            check={text => idProblem(text, taken)}
            onCommit={id =>
              designer.edit({ kind: 'setValue', path: [...fieldPath(path, 'id')], value: id }, t('Renamed to {0}.', id))
            }
            disabled={disabled}
            testId="inspector-id"
          />
        </Row>
      )}
      {type === undefined && <div class="wide note">{t('These layers have no fields in common.')}</div>}
      {type &&
        Object.entries(layerFields[type]).map(([name, field]) => (
          <FieldRow
            key={name}
            designer={designer}
            name={name}
            field={field}
            value={values.get(name)}
            path={fieldPath(path, name)}
            alsoAt={others.map(other => fieldPath(other, name))}
            others={layers.slice(1).map(other => valuesOf(other).get(name))}
            disabled={disabled}
          />
        ))}
      {type && type === layer.type && (
        <div class="wide">
          {layer.type === 'dense' ? (
            <ActivationGraph activation={layer.activation} />
          ) : (
            <div class="formula">
              <span class="math">{layerInfo[type].formula}</span>
              <span class="note">{tableText(layerInfo[type].use)}</span>
            </div>
          )}
        </div>
      )}
    </Section>
  );
}

const valuesOf = (layer: Layer) => new Map<string, unknown>(Object.entries(layer));

/** The type that all layers have; undefined when they differ. */
function commonType(layers: readonly Layer[]): LayerType | undefined {
  const types = new Set(layers.map(({ type }) => type));
  return types.size === 1 ? layers[0]?.type : undefined;
}

/** Fields that a row of this section shows, and so the problems of their values. */
export const rowsOf = (type: LayerType): readonly string[] => ['id', ...Object.keys(layerFields[type])];

function idProblem(text: string, taken: ReadonlySet<string>): string | undefined {
  if (!/^[A-Za-z_][A-Za-z0-9_-]{0,63}$/.test(text))
    return t('Must begin with a letter and hold only letters, digits, _ and - (64 at most).');
  return taken.has(text) ? t('Another layer is called "{0}".', text) : undefined;
}
