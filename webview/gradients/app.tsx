import type { Channel } from '../../engine/protocol/channel.ts';
import type { GradientsToHost } from '../../engine/protocol/views.ts';
import { Button, Icon } from '../kit/button.tsx';
import { countText, figureText } from '../kit/numberText.ts';
import { useStore, type Store } from '../kit/store.ts';
import { decadesOf, healthyRatio, heightOf, ratioPosition, type Decades, type LayerHistory } from './samples.ts';

export interface GradientsState {
  /** The run that speaks; '' when there is none. */
  readonly title: string;
  readonly histories: readonly LayerHistory[];
  readonly step: number;
  readonly epoch: number;
}

interface AppProps {
  readonly store: Store<GradientsState>;
  readonly host: Channel<GradientsToHost, object>;
}

export function App({ store, host }: AppProps) {
  const { title, histories, step, epoch } = useStore(store);
  if (histories.length === 0)
    return (
      <div class="welcome">
        <p>
          {title === ''
            ? 'Train a model to see how strongly each of its layers learns.'
            : `Waiting for gradients of ${title}…`}
        </p>
        {title === '' && (
          <Button appearance="primary" onPress={() => void host.train.asEvent()}>
            <Icon name="play" /> Train
          </Button>
        )}
      </div>
    );
  const decades = decadesOf(histories);
  return (
    <div class="gradients">
      <div class="run muted">
        <b>{title}</b>
        <span class="grow" />
        epoch {countText(epoch)} · step {countText(step)}
      </div>
      <div class="columns muted" aria-hidden="true">
        <span>Layer</span>
        <span>Gradient norm</span>
        <span>Update ÷ weight</span>
      </div>
      <ul>
        {histories.map(history => (
          <Row
            key={history.latest.layerId}
            history={history}
            decades={decades}
            onReveal={() => void host.revealLayer.asEvent(history.latest.layerId)}
          />
        ))}
      </ul>
      <p class="note">
        Norms share one scale, 10<sup>{decades.low}</sup> to 10<sup>{decades.high}</sup>. An update of about a
        thousandth of the weight usually learns well.
      </p>
    </div>
  );
}

interface RowProps {
  readonly history: LayerHistory;
  readonly decades: Decades;
  readonly onReveal: () => void;
}

function Row({ history: { latest, norms }, decades, onReveal }: RowProps) {
  const { layerId, weightGradientNorm, biasGradientNorm, weightNorm, updateRatio } = latest;
  const details = [
    `‖∂L/∂W‖ ${figureText(weightGradientNorm)}`,
    `‖∂L/∂b‖ ${figureText(biasGradientNorm)}`,
    `‖W‖ ${figureText(weightNorm)}`,
    `‖ΔW‖/‖W‖ ${figureText(updateRatio)}`,
  ].join('\n');
  return (
    <li>
      <button
        type="button"
        class="row"
        title={details}
        aria-label={`${layerId}: gradient norm ${figureText(weightGradientNorm)}, update ratio ${figureText(updateRatio)}. Show in the designer`}
        onClick={onReveal}
        data-testid="gradient-row"
        data-layer-id={layerId}
      >
        <span class="name" aria-hidden="true">
          <b>{layerId}</b>
          <span class="muted">‖W‖ {figureText(weightNorm)}</span>
        </span>
        <span aria-hidden="true">
          <Sparkline norms={norms} decades={decades} />
          <span data-testid="gradient-norm" data-value={weightGradientNorm}>
            {figureText(weightGradientNorm)}
          </span>
        </span>
        <span aria-hidden="true">
          <RatioScale ratio={updateRatio} />
          <span>{figureText(updateRatio)}</span>
        </span>
      </button>
    </li>
  );
}

const sparkWidth = 84;
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

const scaleWidth = 56;

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
