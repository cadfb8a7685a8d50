import { useState } from 'preact/hooks';
import { drawnUnits } from '../../engine/model/drawnUnits.ts';
import type { LayerSample } from '../../engine/protocol/networkSample.ts';
import { t } from '../kit/language.ts';
import { TextField } from '../kit/textField.tsx';
import { Row } from './fieldRow.tsx';
import type { Designer } from './state.ts';
import { canSetWeights, numberProblem, setWeight } from './weightEdits.ts';

interface WeightFieldsProps {
  readonly designer: Designer;
  readonly sample: LayerSample;
}

/** Any weight of a layer by its row and column, drawn or not, for everybody who does not press an edge. */
export function WeightFields({ designer, sample }: WeightFieldsProps) {
  const { name, inputs, outputs, biases, weights } = sample;
  const [to, setTo] = useState(1);
  const [from, setFrom] = useState<number | undefined>(1);
  const row = drawnUnits(outputs).indexOf(to - 1);
  const column = from === undefined ? -1 : drawnUnits(inputs).indexOf(from - 1);
  const value =
    from === undefined
      ? biases[row]
      : column < 0 || row < 0
        ? undefined
        : weights[row * drawnUnits(inputs).length + column];
  const disabled = !canSetWeights(designer.store.state);
  return (
    <>
      <Row label={t('To node')} title={t('The row of the weight, from 1 to {0}.', outputs)}>
        <TextField
          label={t('To node')}
          value={String(to)}
          check={text => placeProblem(text, outputs)}
          onCommit={text => setTo(Number(text))}
          disabled={disabled}
          testId="weight-to"
        />
      </Row>
      <Row label={t('From')} title={t('The column of the weight, from 1 to {0}, or "bias".', inputs)}>
        <TextField
          label={t('From')}
          value={from === undefined ? 'bias' : String(from)}
          check={text => (text.trim() === 'bias' && biases.length > 0 ? undefined : placeProblem(text, inputs))}
          onCommit={text => setFrom(text.trim() === 'bias' ? undefined : Number(text))}
          disabled={disabled}
          testId="weight-from"
        />
      </Row>
      <Row label={t('Value')} title={t('The weight, or the bias, as the next step begins with it.')}>
        <TextField
          label={t('Value')}
          value={value === undefined ? '' : String(value)}
          check={numberProblem}
          onCommit={text =>
            setWeight(designer, {
              layerId: name,
              output: to - 1,
              ...(from !== undefined && { input: from - 1 }),
              value: Number(text),
            })
          }
          disabled={disabled}
          testId="weight-value"
        />
      </Row>
    </>
  );
}

function placeProblem(text: string, count: number): string | undefined {
  const place = Number(text);
  return Number.isInteger(place) && place >= 1 && place <= count
    ? undefined
    : t('Must be a whole number from 1 to {0}.', count);
}
