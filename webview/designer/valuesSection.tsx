import { drawnUnits } from '../../engine/model/drawnUnits.ts';
import type { LayerSample } from '../../engine/protocol/networkSample.ts';
import { t } from '../kit/language.ts';
import { countText, figureText } from '../kit/numberText.ts';
import { useStore } from '../kit/store.ts';
import { Section } from './section.tsx';
import { WeightFields } from './weightFields.tsx';
import type { Designer } from './state.ts';

interface ValuesSectionProps {
  readonly designer: Designer;
  /** Full name of the layer. */
  readonly name: string;
}

/** The weights and biases of a layer as a table: what the pointer finds in the picture, for everybody. */
export function ValuesSection({ designer, name }: ValuesSectionProps) {
  const { sample } = useStore(designer.live);
  const own = sample?.layers.find(layer => layer.name === name);
  if (!own || own.weights.length === 0) return null;
  return (
    <Section
      designer={designer}
      title={t('Values')}
      summary={t('step {0}', countText(sample?.step ?? 0))}
      initiallyOpen={false}
    >
      <div class="wide values" tabindex={0} role="region" aria-label={t('Weights and biases of {0}', name)}>
        <ValueTable sample={own} />
      </div>
      <WeightFields key={name} designer={designer} sample={own} />
    </Section>
  );
}

function ValueTable({ sample: { inputs, outputs, weights, biases } }: { readonly sample: LayerSample }) {
  const columns = drawnUnits(inputs);
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{t('to \\ from')}</th>
          {columns.map(unit => (
            <th key={unit} scope="col">
              {unit + 1}
            </th>
          ))}
          {biases.length > 0 && <th scope="col">{t('bias')}</th>}
        </tr>
      </thead>
      <tbody>
        {drawnUnits(outputs).map((unit, row) => (
          <tr key={unit}>
            <th scope="row">{unit + 1}</th>
            {columns.map((from, column) => (
              <Value key={from} value={weights[row * columns.length + column] ?? 0} />
            ))}
            {biases.length > 0 && <Value value={biases[row] ?? 0} />}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Value({ value }: { readonly value: number }) {
  return (
    <td class={value < 0 ? 'minus' : 'plus'} title={String(value)}>
      {figureText(value, 2)}
    </td>
  );
}
