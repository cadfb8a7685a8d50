import type { Operation, Phase, StepExplanation } from '../../engine/protocol/explanation.ts';
import { t } from '../kit/language.ts';
import { figureText, percentText } from '../kit/numberText.ts';
import type { TracedWeight } from './chainRule.ts';
import { layerOrder, Notation } from './formulas.ts';
import { OperationView } from './operationView.tsx';
import { phaseWords } from './toolbar.tsx';

interface TableProps {
  readonly explanation: StepExplanation;
  readonly current: number;
  readonly digits: number;
  readonly traced: TracedWeight;
  readonly onGo: (index: number) => void;
  readonly onTrace: (traced: TracedWeight) => void;
}

const rows: readonly Phase[] = ['forward', 'backward', 'update'];
const rowNotes: Record<string, string> = {
  forward: t('left to right'),
  backward: t('right to left: each layer hands its error δ to the one before'),
  update: '',
};

/** The step as a table: columns are the layers and the loss, rows the passes, so that a value stands under its layer. */
export function StepTable(props: TableProps) {
  const { explanation, current } = props;
  const { layers, operations } = explanation;
  const order = layerOrder(explanation);
  const phase = operations[current]?.phase;
  const isCurrent = (row: Phase) => row === phase || (row === 'forward' && phase === 'loss');
  return (
    <div class="table" role="region" aria-label={t('Operations')} tabIndex={0}>
      <div
        class="steps"
        style={{ gridTemplateColumns: `104px repeat(${order.length}, fit-content(540px)) minmax(190px, 1fr)` }}
      >
        <div class="head corner" />
        {order.map(layerId => {
          const {
            type = '',
            inputs = 0,
            outputs = 0,
            activation,
          } = layers.find(layer => layer.layerId === layerId) ?? {};
          return (
            <div key={layerId} class="head">
              <b>{layerId}</b>{' '}
              <span class="muted">
                {type} {inputs} → {outputs}
                {activation === undefined ? '' : `, ${activation}`}
              </span>
            </div>
          );
        })}
        <div class="head">
          <b>{t('loss')}</b> <span class="muted">{explanation.lossName}</span>
        </div>
        {rows.map(row => (
          <Row key={row} row={row} current={isCurrent(row)} order={order} table={props} />
        ))}
      </div>
    </div>
  );
}

interface RowProps {
  readonly row: Phase;
  readonly current: boolean;
  readonly order: readonly string[];
  readonly table: TableProps;
}

function Row({ row, current, order, table }: RowProps) {
  const { explanation, digits } = table;
  const { optimizer, learningRate, clipShare } = explanation;
  const cell = `cell${current ? ' now' : ''}`;
  return (
    <>
      <div class={`${cell} phase`}>
        <b>{phaseWords[row]}</b>
        <span class="muted small">
          {row === 'update' ? `${optimizer.type}, α = ${figureText(learningRate, digits)}` : rowNotes[row]}
          {row === 'update' &&
            clipShare !== undefined &&
            clipShare < 1 &&
            `, ${t('gradients clipped to {0} of their size', figureText(clipShare, 3))}`}
        </span>
      </div>
      {order.map(layerId => (
        <div key={layerId} class={cell} data-layer={layerId}>
          <span class="corner-name muted small">{layerId}</span>
          <Operations
            table={table}
            shows={each => each.phase === row && each.layerId === layerId && each.kind !== 'lossGradient'}
          />
        </div>
      ))}
      <div class={cell} data-layer="loss">
        <span class="corner-name muted small">{t('loss')}</span>
        {row === 'forward' && <Operations table={table} shows={({ phase }) => phase === 'loss'} />}
        {row === 'forward' && (
          <p class="big" data-testid="loss" data-value={explanation.loss}>
            {figureText(explanation.loss, 5)}
          </p>
        )}
        {row === 'backward' && <Operations table={table} shows={({ kind }) => kind === 'lossGradient'} />}
        {row === 'update' && <After explanation={explanation} />}
      </div>
    </>
  );
}

function Operations({
  table,
  shows,
}: {
  readonly table: TableProps;
  readonly shows: (operation: Operation) => boolean;
}) {
  const { explanation, current, digits, traced, onGo, onTrace } = table;
  const notation = new Notation(explanation);
  return (
    <>
      {explanation.operations.map(
        (operation, i) =>
          shows(operation) && (
            <OperationView
              key={i}
              operation={operation}
              notation={notation}
              digits={digits}
              current={i === current}
              traced={traced}
              onSelect={() => onGo(i)}
              onTrace={onTrace}
            />
          ),
      )}
    </>
  );
}

/** What the step has brought. */
function After({ explanation: { loss, lossAfter } }: { readonly explanation: StepExplanation }) {
  const change = loss === 0 ? 0 : (lossAfter - loss) / loss;
  return (
    <>
      <p class="muted">{t('the same rows again')}</p>
      <p class="big">
        {figureText(loss, 5)} →{' '}
        <span data-testid="loss-after" data-value={lossAfter}>
          {figureText(lossAfter, 5)}
        </span>
      </p>
      <p class={change <= 0 ? 'okc' : 'warnc'}>
        {change <= 0 ? t('loss falls by {0}', percentText(-change)) : t('loss rises by {0}', percentText(change))}
      </p>
    </>
  );
}
