import { layerFields } from '../../engine/model/layerFields.ts';
import type { Layer } from '../../engine/model/schema.ts';
import { t } from '../kit/language.ts';
import { FieldRow } from './fieldRow.tsx';
import { Section, type SectionProps } from './section.tsx';
import { fieldPath, namedLayers, type NamedLayer } from './selection.ts';

/** What is usually the same in all hidden layers. */
const shared = ['activation', 'l1', 'l2'] as const;

/** Dense layers before the last one, those in blocks included. */
export const hiddenLayers = (layers: readonly Layer[]): readonly NamedLayer[] =>
  namedLayers(layers).filter(({ layer }) => layer.type === 'dense' && layer !== layers.at(-1));

/** Activation and penalties of all hidden layers at once, whatever is selected; there where there are several. */
export function HiddenSection({ designer, model, disabled }: SectionProps) {
  const [first, ...others] = hiddenLayers(model.layers);
  if (!first || others.length === 0) return null;
  const valueOf = ({ layer }: NamedLayer, name: (typeof shared)[number]) =>
    layer.type === 'dense' ? layer[name] : undefined;
  return (
    <Section designer={designer} title={t('Hidden layers')} summary={String(1 + others.length)} initiallyOpen>
      {shared.map(name => (
        <FieldRow
          key={name}
          designer={designer}
          name={name}
          of="of all hidden layers"
          field={layerFields.dense[name]}
          value={valueOf(first, name)}
          path={fieldPath(first.path, name)}
          alsoAt={others.map(({ path }) => fieldPath(path, name))}
          others={others.map(other => valueOf(other, name))}
          disabled={disabled}
        />
      ))}
    </Section>
  );
}
