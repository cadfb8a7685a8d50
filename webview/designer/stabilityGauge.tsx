import type { Stability } from '../../engine/protocol/diagnosis.ts';
import { Icon } from '../kit/button.tsx';
import { t } from '../kit/language.ts';
import { toSlider } from '../kit/logScale.ts';
import { figureText } from '../kit/numberText.ts';

/** Learning rates that the slider reaches. */
export const sliderRange = { min: 1e-5, max: 1 };

interface GaugeProps {
  readonly stability: Stability | undefined;
  readonly learningRate: number;
}

const width = 220;

/** Where the learning rate stands on the way to its stability limit, measured at the first weights, on the scale of the slider above. */
export function StabilityGauge({ stability, learningRate }: GaugeProps) {
  if (!stability) return null;
  const { limit, sharpness, formula } = stability;
  const at = (rate: number) => width * Math.max(0, Math.min(1, toSlider(rate, sliderRange.min, sliderRange.max)));
  const needle = Math.min(width - 2, at(learningRate));
  const edge = at(limit);
  const beyond = learningRate > limit;
  const words = t(
    'The learning rate is {0} times the stability limit {1}, at sharpness {2}.',
    figureText(learningRate / limit, 2),
    figureText(limit, 2),
    figureText(sharpness, 2),
  );
  return (
    <div class="gauge" data-testid="stability" data-limit={limit} data-sharpness={sharpness} title={words}>
      <svg
        width="100%"
        height="14"
        viewBox={`0 0 ${width} 14`}
        preserveAspectRatio="none"
        role="img"
        aria-label={words}
      >
        <rect class="stable" x="0" y="5" width={edge} height="4" />
        <rect class="unstable" x={edge} y="5" width={width - edge} height="4" />
        <rect class="needle" x={needle} y="1" width="2" height="12" />
      </svg>
      <p class="note">
        {beyond && <Icon name="warning" class="warnc" />} {formula} = {figureText(limit, 2)}, λ{' '}
        {figureText(sharpness, 2)}
        {beyond ? `: ${t('steps beyond it grow')}` : ` ${t('at the first weights')}`}
      </p>
    </div>
  );
}
