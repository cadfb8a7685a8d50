import type { Stability } from '../../engine/protocol/diagnosis.ts';
import { Icon } from '../kit/button.tsx';
import { figureText } from '../kit/numberText.ts';

interface GaugeProps {
  readonly stability: Stability | undefined;
  readonly learningRate: number;
}

const width = 220;
/** Decades that the gauge shows around the limit: three below, one above. */
const below = 3;
const above = 1;

/** Where the learning rate stands on the way to its stability limit, measured at the first weights. */
export function StabilityGauge({ stability, learningRate }: GaugeProps) {
  if (!stability) return null;
  const { limit, sharpness, formula } = stability;
  const share = (Math.log10(learningRate / limit) + below) / (below + above);
  const needle = Math.max(0, Math.min(1, share)) * (width - 2);
  const edge = (below / (below + above)) * width;
  const beyond = learningRate > limit;
  const words = `The learning rate is ${figureText(learningRate / limit, 2)} times the stability limit ${figureText(limit, 2)}, at sharpness ${figureText(sharpness, 2)}.`;
  return (
    <div class="gauge" data-testid="stability" data-limit={limit} data-sharpness={sharpness} title={words}>
      <svg width={width} height="14" viewBox={`0 0 ${width} 14`} role="img" aria-label={words}>
        <rect class="stable" x="0" y="5" width={edge} height="4" />
        <rect class="unstable" x={edge} y="5" width={width - edge} height="4" />
        <rect class="needle" x={needle} y="1" width="2" height="12" />
      </svg>
      <p class="note">
        {beyond && <Icon name="warning" class="warnc" />} {formula} = {figureText(limit, 2)}, λ{' '}
        {figureText(sharpness, 2)}
        {beyond ? ': steps beyond it grow' : ' at the first weights'}
      </p>
    </div>
  );
}
