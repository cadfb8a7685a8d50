import { layerShapes, parameterCount } from '../../engine/model/shapes.ts';
import type { DesignerCommand } from '../../engine/protocol/views.ts';
import { Icon } from '../kit/button.tsx';
import { t } from '../kit/language.ts';
import { bytesText, countText } from '../kit/numberText.ts';
import { AddMenu } from './addMenu.tsx';
import { inputsOf, type Designer, type ViewState } from './state.ts';
import { TrainControls } from './trainControls.tsx';

interface ToolbarProps {
  readonly designer: Designer;
  readonly state: ViewState;
  readonly onProblems: () => void;
}

/** Where a model can be looked at further; the words go before the buttons do when there is little room. */
const views: readonly {
  readonly command: DesignerCommand;
  readonly icon: string;
  readonly word: string;
  readonly title: string;
}[] = [
  {
    command: 'compareOptimizers',
    icon: 'git-compare',
    word: t('Compare'),
    title: t('Compare optimizers: the same network, data and first weights under each'),
  },
  {
    command: 'openOptimizerLab',
    icon: 'beaker',
    word: t('Lab'),
    title: t('Optimizer lab: optimizers race over a surface, or over the loss of this network'),
  },
  {
    command: 'explainStep',
    icon: 'symbol-operator',
    word: t('Explain step'),
    title: t('Explain step: one training step with its numbers in the formulas'),
  },
  {
    command: 'gradients.focus',
    icon: 'pulse',
    word: t('Gradients'),
    title: t('Gradients: how strongly each layer learns'),
  },
];

/** Weights are kept as float32 on disk. */
export const bytesPerParameter = 4;

export function Toolbar({ designer, state, onProblems }: ToolbarProps) {
  const { host } = state;
  if (!host) return null;
  const parameters = host.model ? parameterCount(layerShapes(host.model.layers, inputsOf(host))) : 0;
  const errors = host.issues.filter(({ severity }) => severity === 'error').length;
  return (
    <div class="bar" role="toolbar" aria-label={t('Model')}>
      <TrainControls designer={designer} state={state} />
      <span class="sep" />
      {views.map(({ command, icon, word, title }) => (
        <button
          key={command}
          type="button"
          class="btn view"
          title={title}
          disabled={!host.trusted}
          onClick={() => void designer.host.run.asEvent(command)}
          data-testid={`toolbar-${command}`}
        >
          <Icon name={icon} />
          <span class="label">{word}</span>
        </button>
      ))}
      <span class="sep" />
      <AddMenu designer={designer} state={state} />
      <span class="grow" />
      {host.changes && <span class="muted small state">{t('Compared with the other version')}</span>}
      {!host.trusted && <span class="muted small state">{t('Restricted Mode: view and edit only')}</span>}
      {host.readOnly && <span class="muted small state">{t('Read-only file')}</span>}
      {host.model && (
        <span class="small" data-testid="parameter-count" data-value={parameters}>
          <b>{countText(parameters)}</b>
          <span class="muted"> {t('parameters · {0}', bytesText(parameters * bytesPerParameter))}</span>
        </span>
      )}
      <span class="sep" />
      <button
        type="button"
        class="btn"
        onClick={onProblems}
        title={problemsLabel(host.issues.length)}
        data-testid="problems-count"
        data-value={host.issues.length}
      >
        <Icon
          name={errors > 0 ? 'error' : host.issues.length > 0 ? 'warning' : 'pass'}
          class={errors > 0 ? 'errc' : host.issues.length > 0 ? 'warnc' : 'okc'}
        />
        {host.issues.length}
        <span class="unseen"> {host.issues.length === 1 ? t('problem') : t('problems')}</span>
      </button>
    </div>
  );
}

const problemsLabel = (count: number) =>
  count === 0 ? t('No problems') : count === 1 ? t('1 problem') : t('{0} problems', count);
