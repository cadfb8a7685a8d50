import type { Histogram, LayerGradient } from '../../engine/protocol/events.ts';
import type { LayerVerdict } from '../../engine/protocol/verdicts.ts';
import { Icon } from '../kit/button.tsx';
import { t } from '../kit/language.ts';
import { figureText, percentText } from '../kit/numberText.ts';
import { healthyRatio, heightOf, ratioPosition, type Decades, type LayerHistory } from './samples.ts';
import type { HistogramKind } from './state.ts';

interface RowProps {
  readonly history: LayerHistory;
  readonly kind: HistogramKind;
  readonly decades: Decades;
  readonly selected: boolean;
  /** Whether Tab comes here. */
  readonly reachable: boolean;
  readonly onSelect: () => void;
}

const verdictWords: Record<LayerVerdict, string> = {
  healthy: t('healthy'),
  weak: t('weak'),
  vanished: t('vanished'),
  exploding: t('exploding'),
  dead: t('dead'),
  saturated: t('saturated'),
  zero: t('all zero'),
};

/** One layer: its name and verdict, how its gradient went, how its numbers are spread, its step, and what lies idle. */
export function LayerRow({ history, kind, decades, selected, reachable, onSelect }: RowProps) {
  const { shown, verdict, norms } = history;
  const { layerId, weightGradientNorm, biasGradientNorm, weightNorm, updateRatio } = shown;
  const idle = shown.deadShare ?? shown.saturatedShare;
  const well = verdict === 'healthy';
  const details = [
    `‖∂L/∂W‖ ${figureText(weightGradientNorm)}`,
    `‖∂L/∂b‖ ${figureText(biasGradientNorm)}`,
    `‖W‖ ${figureText(weightNorm)}`,
    `‖ΔW‖/‖W‖ ${figureText(updateRatio)}`,
    ...(idle === undefined
      ? []
      : [shown.deadShare === undefined ? t('saturated {0}', percentText(idle)) : t('dead {0}', percentText(idle))]),
  ];
  return (
    <div
      class={`row ${well ? 'well' : 'ill'}`}
      role="option"
      tabIndex={reachable ? 0 : -1}
      aria-selected={selected}
      title={details.join('\n')}
      aria-label={`${layerId}: ${verdictWords[verdict]}, ${details.join(', ')}`}
      onClick={onSelect}
      data-testid="gradient-row"
      data-layer-id={layerId}
      data-verdict={verdict}
    >
      <span class="name">
        <b>{layerId}</b>
        <span class="verdict-word">
          <Icon name={well ? 'check' : 'warning'} /> <span class="word">{verdictWords[verdict]}</span>
        </span>
      </span>
      <span>
        <Sparkline norms={norms} decades={decades} />
        <span data-testid="gradient-norm" data-value={weightGradientNorm}>
          {figureText(weightGradientNorm)}
        </span>
      </span>
      <Bars histogram={histogramOf(shown, kind)} />
      <span>
        <RatioScale ratio={updateRatio} />
        <span data-testid="update-ratio" data-value={updateRatio}>
          {figureText(updateRatio, 2)}
        </span>
      </span>
      <span class="right" data-testid="idle-share" data-value={idle}>
        {idle === undefined ? '' : `${Math.round(idle * 100)}%`}
      </span>
    </div>
  );
}

const histogramOf = ({ histograms }: LayerGradient, kind: HistogramKind): Histogram | undefined => histograms?.[kind];

const sparkWidth = 60;
const sparkHeight = 20;

function Sparkline({ norms, decades }: { readonly norms: readonly number[]; readonly decades: Decades }) {
  const x = (i: number) => (norms.length < 2 ? sparkWidth - 4 : 1 + (i / (norms.length - 1)) * (sparkWidth - 5));
  const y = (norm: number) => sparkHeight - 3 - heightOf(norm, decades) * (sparkHeight - 6);
  const last = norms.at(-1) ?? 0;
  return (
    <svg width={sparkWidth} height={sparkHeight} aria-hidden="true">
      <path class="base" d={`M0 ${sparkHeight - 0.5}H${sparkWidth}`} />
      <polyline class="spark" points={norms.map((norm, i) => `${x(i).toFixed(1)},${y(norm).toFixed(1)}`).join(' ')} />
      <circle class="dot" cx={x(norms.length - 1)} cy={y(last)} r="2.2" />
    </svg>
  );
}

const barsWidth = 46;
const barsHeight = 28;

/** A histogram whose bars are coloured by the sign of what they count; heights by the root, so that rare values show. */
function Bars({ histogram }: { readonly histogram: Histogram | undefined }) {
  if (!histogram) return <span />;
  const { min, max, counts } = histogram;
  const most = Math.max(...counts);
  const width = barsWidth / counts.length;
  return (
    <svg width={barsWidth} height={barsHeight} aria-hidden="true">
      {counts.map((count, i) => {
        const height = most > 0 ? (barsHeight - 4) * Math.sqrt(count / most) : 0;
        const middle = min + ((i + 0.5) / counts.length) * (max - min);
        return (
          count > 0 && (
            <rect
              key={i}
              class={middle >= 0 ? 'positive' : 'negative'}
              x={i * width}
              y={barsHeight - 2 - height}
              width={Math.max(1, width - 0.3)}
              height={height}
            />
          )
        );
      })}
      <path class="base" d={`M0 ${barsHeight - 1.5}H${barsWidth}`} />
    </svg>
  );
}

const scaleWidth = 48;

/** The update ratio on its scale, the healthy range marked. */
function RatioScale({ ratio }: { readonly ratio: number }) {
  const from = ratioPosition(healthyRatio.low) * scaleWidth;
  const to = ratioPosition(healthyRatio.high) * scaleWidth;
  return (
    <svg width={scaleWidth} height={sparkHeight} aria-hidden="true">
      <rect class="track" x="0" y="8" width={scaleWidth} height="4" rx="2" />
      <rect class="healthy" x={from} y="8" width={to - from} height="4" />
      <rect
        class="needle"
        x={Math.min(scaleWidth - 2, ratioPosition(ratio) * scaleWidth)}
        y="3"
        width="2"
        height="14"
      />
    </svg>
  );
}
