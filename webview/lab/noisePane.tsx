import { Button } from '../kit/button.tsx';
import { NumberField } from '../kit/numberField.tsx';
import { countText, figureText } from '../kit/numberText.ts';
import type { NoiseMeasurement } from '../../engine/protocol/lab.ts';
import { t } from '../kit/language.ts';
import type { Lab } from './lab.ts';
import { epochsField, ModelChoice } from './networkBar.tsx';
import type { LabState } from './state.ts';

interface NoiseProps {
  readonly lab: Lab;
  readonly state: LabState;
}

export function NoiseBar({ lab, state }: NoiseProps) {
  const { noise, model, modelProblem } = state;
  const problem = modelProblem === '' ? noise.message : modelProblem;
  return (
    <div class="bar second" role="toolbar" aria-label={t('Gradient noise')}>
      <ModelChoice lab={lab} state={state} />
      <span class="muted">{t('After epochs')}</span>
      <div class="number">
        <NumberField
          label={t('Epochs before measuring')}
          field={epochsField}
          value={noise.epochs}
          disabled={noise.running}
          onCommit={epochs => lab.setNoiseEpochs(epochs)}
        />
      </div>
      <Button
        appearance="primary"
        disabled={!model || noise.running}
        onPress={() => void lab.measureNoise()}
        testId="noise-button"
      >
        {t('Measure')}
      </Button>
      <span class={`status ${problem === '' ? 'muted' : 'errc'}`} role="status">
        {problem === '' && noise.running ? t('Measuring…') : problem}
      </span>
    </div>
  );
}

/** How far the gradients of minibatches lie from the full one, measured and predicted, by batch size. */
export function NoisePane({ state: { noise } }: NoiseProps) {
  const { measurement } = noise;
  if (!measurement)
    return (
      <p class="empty muted">
        {t(
          'How noisy is the gradient of a minibatch? Choose a model and measure: batches of each size are drawn many times, and their gradients compared with the one over all rows.',
        )}
      </p>
    );
  const { rows, parameters, draws, batches, covarianceTrace, gradientSquared } = measurement;
  const critical = gradientSquared > 0 ? covarianceTrace / gradientSquared : Infinity;
  return (
    <div class="noise" data-testid="noise">
      <NoiseChart measurement={measurement} />
      <div class="side">
        <table>
          <caption class="small muted">
            {t('E‖g_b − g‖² over {0} rows, {1} parameters, {2} draws each', rows, countText(parameters), draws)}
          </caption>
          <thead>
            <tr>
              <th scope="col">{t('batch size b')}</th>
              <th scope="col">{t('measured')}</th>
              <th scope="col">{t('predicted tr Σ / b')}</th>
            </tr>
          </thead>
          <tbody>
            {batches.map(({ size, measured, predicted }) => (
              <tr key={size}>
                <td>{size}</td>
                <td>{figureText(measured, 4)}</td>
                <td>{figureText(predicted, 4)}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <p class="muted">
          {t(
            'The noise falls as 1/b: four times the batch, half the radius of the noise ball. Here tr Σ is {0} and ‖g‖² is {1}, so noise and gradient are equally large at a batch of about {2}.',
            figureText(covarianceTrace),
            figureText(gradientSquared),
            Number.isFinite(critical) ? countText(critical) : '∞',
          )}
        </p>
      </div>
    </div>
  );
}

const [width, height, left, bottom] = [520, 320, 64, 36];

/** Both axes logarithmic: a line of slope −1, and circles that should lie on it. */
function NoiseChart({ measurement: { batches } }: { readonly measurement: NoiseMeasurement }) {
  const [first, last] = [batches[0], batches.at(-1)];
  if (!first || !last || first.predicted <= 0) return null;
  const all = batches.flatMap(({ measured, predicted }) => [measured, predicted]).filter(value => value > 0);
  const [low, high] = [Math.log10(Math.min(...all)), Math.log10(Math.max(...all))];
  const x = (size: number) =>
    left + 12 + (Math.log2(size / first.size) / Math.max(1, Math.log2(last.size / first.size))) * (width - left - 36);
  const y = (value: number) => 16 + ((high - Math.log10(value)) / Math.max(1e-9, high - low)) * (height - bottom - 32);
  const line = batches.map(({ size, predicted }, i) => `${i === 0 ? 'M' : 'L'}${x(size)} ${y(predicted)}`).join('');
  const ticks = Array.from({ length: Math.floor(high) - Math.ceil(low) + 1 }, (_, i) => 10 ** (Math.ceil(low) + i));
  return (
    <svg
      class="noise-chart"
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={t(
        'Gradient noise by batch size: from {0} at {1} to {2} at {3}; predicted {4} and {5}.',
        figureText(first.measured),
        first.size,
        figureText(last.measured),
        last.size,
        figureText(first.predicted),
        figureText(last.predicted),
      )}
    >
      {ticks.map(tick => (
        <g key={tick}>
          <path class="axes" d={`M${left} ${y(tick)}H${width}`} />
          <text class="tick" x={left - 6} y={y(tick) + 3.5} text-anchor="end">
            {figureText(tick)}
          </text>
        </g>
      ))}
      {batches.map(({ size }) => (
        <text key={size} class="tick" x={x(size)} y={height - bottom + 16} text-anchor="middle">
          {size}
        </text>
      ))}
      <text class="tick" x={width} y={height - 4} text-anchor="end">
        {t('batch size')}
      </text>
      <path class="predicted" d={line} />
      {batches.map(
        ({ size, measured }) =>
          measured > 0 && <circle key={size} class="measured" cx={x(size)} cy={y(measured)} r="4.5" />,
      )}
      <g transform={`translate(${width - 170} 20)`}>
        <path class="predicted" d="M0 0H24" />
        <text x="30" y="4">
          {t('predicted, tr Σ / b')}
        </text>
        <circle class="measured" cx="12" cy="18" r="4.5" />
        <text x="30" y="22">
          {t('measured')}
        </text>
      </g>
    </svg>
  );
}
