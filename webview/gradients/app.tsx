import { useState } from 'preact/hooks';
import { Button, Icon, IconButton } from '../kit/button.tsx';
import { t } from '../kit/language.ts';
import { countText } from '../kit/numberText.ts';
import { useStore, type Store } from '../kit/store.ts';
import { LayerRow } from './layerRow.tsx';
import { MatrixPane } from './matrixPane.tsx';
import { decadesOf, historiesAt, type LayerHistory } from './samples.ts';
import { Scrubber } from './scrubber.tsx';
import { histogramKinds, type GradientsHost, type GradientsState, type HistogramKind } from './state.ts';
import { Verdict } from './verdict.tsx';

interface AppProps {
  readonly store: Store<GradientsState>;
  readonly host: GradientsHost;
}

const kindWords: Record<HistogramKind, string> = {
  weightGradients: '∂L/∂W',
  weights: 'W',
  activations: 'z',
};

export function App({ store, host }: AppProps) {
  const state = useStore(store);
  const { title, samples, chosen, verdict, selected } = state;
  const [kind, setKind] = useState<HistogramKind>('weightGradients');
  const index = Math.min(chosen ?? samples.length - 1, samples.length - 1);
  const sample = samples[index];
  if (!sample) return <Welcome state={state} host={host} />;
  const histories = historiesAt(samples, index);
  const select = (layerId: string) => {
    store.update({ selected: layerId });
    void host.watchLayer.asEvent(layerId);
  };
  const layer = histories.find(({ shown }) => shown.layerId === selected)?.shown;
  return (
    <div class="gradients">
      {verdict && <Verdict verdict={verdict} host={host} onSelect={select} />}
      <div class="run muted">
        <b>{title}</b>
        <span class="grow" />
        <span>{t('epoch {0} · step {1}', countText(sample.epoch), countText(sample.step))}</span>
        <IconButton icon="symbol-operator" label={t('Explain step')} onPress={() => void host.explainStep.asEvent()} />
      </div>
      <Scrubber
        samples={samples}
        index={index}
        following={chosen === undefined}
        onChoose={chosen => store.update({ chosen })}
      />
      <div class="columns muted">
        <span>{t('Layer')}</span>
        <span>{t('Gradient')}</span>
        <select
          aria-label={t('Histogram of')}
          value={kind}
          onChange={event => setKind(histogramKinds.find(name => name === event.currentTarget.value) ?? kind)}
        >
          {histogramKinds.map(name => (
            <option key={name} value={name}>
              {kindWords[name]}
            </option>
          ))}
        </select>
        <span>
          {t('Update')}
          <br />
          {t('÷ weight')}
        </span>
        <span class="right">{t('Idle')}</span>
      </div>
      <Rows histories={histories} kind={kind} selected={selected} onSelect={select} />
      {layer && <MatrixPane key={layer.layerId} layer={layer} host={host} latest={index === samples.length - 1} />}
      <p class="note">
        {t(
          'Gradient norms share one scale. An update of about a thousandth of the weight usually learns well. Idle: nodes that are dead (ReLU) or answers that are saturated (sigmoid, tanh).',
        )}
      </p>
    </div>
  );
}

interface WelcomeProps {
  readonly state: GradientsState;
  readonly host: GradientsHost;
}

function Welcome({ state: { title, live }, host }: WelcomeProps) {
  const text =
    title === ''
      ? t('Train a model to see how strongly each of its layers learns.')
      : live
        ? t('Waiting for gradients of {0}…', title)
        : t(
            'This run of {0} was cut off before it recorded any gradients. Resume it, or train again, to see them.',
            title,
          );
  return (
    <div class="welcome">
      <p>{text}</p>
      {!live && (
        <Button appearance="primary" onPress={() => void host.train.asEvent()}>
          <Icon name="play" /> {t('Train')}
        </Button>
      )}
    </div>
  );
}

interface RowsProps {
  readonly histories: readonly LayerHistory[];
  readonly kind: HistogramKind;
  readonly selected: string;
  readonly onSelect: (layerId: string) => void;
}

/** A list of layers: arrows move through it, and what is reached is selected. */
function Rows({ histories, kind, selected, onSelect }: RowsProps) {
  const decades = decadesOf(histories);
  const at = histories.findIndex(({ shown }) => shown.layerId === selected);
  const move = (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
    const next = { ArrowDown: at + 1, ArrowUp: Math.max(0, at - 1), Home: 0, End: histories.length - 1 }[event.key];
    const target = next === undefined ? undefined : histories[Math.min(next, histories.length - 1)];
    if (!target) return;
    event.preventDefault();
    onSelect(target.shown.layerId);
    const row = event.currentTarget.querySelector<HTMLElement>(`[data-layer-id="${CSS.escape(target.shown.layerId)}"]`);
    row?.focus();
  };
  return (
    <div class="rows" role="listbox" aria-label={t('Layers')} onKeyDown={move}>
      {histories.map((history, i) => (
        <LayerRow
          key={history.shown.layerId}
          history={history}
          kind={kind}
          decades={decades}
          selected={i === at}
          reachable={i === Math.max(0, at)}
          onSelect={() => onSelect(history.shown.layerId)}
        />
      ))}
    </div>
  );
}
