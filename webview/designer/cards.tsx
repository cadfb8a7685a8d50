import type { LossName } from '../../engine/model/dataFields.ts';
import { sourceTitle } from '../../engine/model/dataSource.ts';
import type { Model } from '../../engine/model/schema.ts';
import type { DesignerState, RunProgress } from '../../engine/protocol/views.ts';
import { t, tableText } from '../kit/language.ts';
import { countText, figureText } from '../kit/numberText.ts';
import { ChangeMark, shorten } from './columnParts.tsx';
import { BalanceBar, Preview } from './dataPreview.tsx';
import { cardHeight, cardWidth } from './geometry.ts';

interface LossInfo {
  readonly title: string;
  /** The title where there is little room. */
  readonly short: string;
  readonly formula: string;
  readonly use: string;
}

/** What each loss is called, and its formula. */
export const lossInfo: Record<LossName, LossInfo> = {
  binaryCrossEntropy: {
    title: t('Binary cross-entropy'),
    short: t('Cross-entropy'),
    formula: 'L = −Σ y ln ŷ + (1−y) ln(1−ŷ)',
    use: t('Two classes; one sigmoid output.'),
  },
  crossEntropy: {
    title: t('Cross-entropy'),
    short: t('Cross-entropy'),
    formula: 'L = −Σₖ yₖ ln ŷₖ',
    use: t('Several classes; softmax outputs.'),
  },
  meanSquaredError: {
    title: t('Mean squared error'),
    short: t('Squared error'),
    formula: 'L = Σ (y − ŷ)² / n',
    use: t('Numbers to predict.'),
  },
  meanAbsoluteError: {
    title: t('Mean absolute error'),
    short: t('Absolute error'),
    formula: 'L = Σ |y − ŷ| / n',
    use: t('Numbers to predict; outliers count little.'),
  },
  huber: {
    title: t('Huber'),
    short: t('Huber'),
    formula: 'L = ½d², or |d| − ½',
    use: t('Numbers to predict; squared only where |d| ≤ 1.'),
  },
};

interface CardProps {
  readonly x: number;
  readonly id: 'data' | 'loss';
  readonly label: string;
  readonly title: string;
  readonly selected: boolean;
  /** It differs from the other version of the file. */
  readonly changed: boolean;
  readonly onSelect: () => void;
  readonly children: preact.ComponentChildren;
}

function Card({ x, id, label, title, selected, changed, onSelect, children }: CardProps) {
  return (
    <g
      class={`card${selected ? ' selected' : ''}${changed ? ' changed' : ''}`}
      id={`column-${id}`}
      role="option"
      aria-selected={selected}
      aria-label={changed ? t('{0}, changed', label) : label}
      transform={`translate(${x} ${-cardHeight / 2})`}
      data-testid={`${id}-card`}
      onPointerDown={event => {
        event.stopPropagation();
        onSelect();
      }}
    >
      <g aria-hidden="true">
        <rect class="frame" width={cardWidth} height={cardHeight} rx="6" />
        <text class="name" x="12" y="20">
          {shorten(title, 16)}
          <title>{title}</title>
        </text>
        {children}
        {changed && <ChangeMark x={0} y={0} change="changed" />}
      </g>
    </g>
  );
}

/** A line of a card: a word on the left, a figure on the right. */
function CardLine({ y, word, figure }: { readonly y: number; readonly word: string; readonly figure: string }) {
  return (
    <>
      <text class="sub" x="12" y={y}>
        {word}
      </text>
      <text class="card-figure" x={cardWidth - 12} y={y} text-anchor="end">
        {figure}
      </text>
    </>
  );
}

interface DataCardProps {
  readonly model: Model;
  readonly host: DesignerState;
  readonly selected: boolean;
  readonly onSelect: () => void;
}

/** What the network learns from: a small picture of it, and its numbers. */
export function DataCard({ model, host, selected, onSelect }: DataCardProps) {
  const { data, dataError, changes } = host;
  const title = tableText(sourceTitle(model.data.source));
  const rows = data ? data.rows.train + data.rows.validation + data.rows.test : 0;
  const label = data ? t('Data: {0}, {1} rows, {2} inputs', title, rows, data.inputs) : t('Data: {0}', title);
  return (
    <Card
      x={0}
      id="data"
      label={label}
      title={title}
      selected={selected}
      changed={changes?.cards.includes('data') ?? false}
      onSelect={onSelect}
    >
      {data && dataError === undefined ? (
        <>
          <g transform={`translate(${(cardWidth - previewSize) / 2} 30)`}>
            <Preview data={data} size={previewSize} />
          </g>
          <g transform={`translate(12 ${previewSize + 36})`}>
            <BalanceBar data={data} width={cardWidth - 24} />
          </g>
          <CardLine y={152} word={t('rows')} figure={countText(rows)} />
          {data.classes.length > 0 ? (
            <CardLine y={166} word={t('classes')} figure={countText(data.classes.length)} />
          ) : (
            <CardLine y={166} word={t('targets')} figure={countText(data.outputs)} />
          )}
          <CardLine y={180} word={t('validation')} figure={`${Math.round((100 * data.rows.validation) / rows)}%`} />
        </>
      ) : (
        <foreignObject x="8" y="28" width={cardWidth - 16} height={cardHeight - 36}>
          <div class={`card-note ${dataError === undefined ? 'muted' : 'errc'}`}>{dataError ?? unreadText(host)}</div>
        </foreignObject>
      )}
    </Card>
  );
}

/** Why there is nothing to see of the data yet. */
function unreadText({ trusted, changes }: DesignerState): string {
  if (!trusted) return t('Trust this workspace to read the data.');
  return changes ? t('Data are read for the file on disk only.') : t('Reading…');
}

const previewSize = 88;

interface LossCardProps {
  readonly x: number;
  readonly model: Model;
  readonly changed: boolean;
  readonly progress: RunProgress | undefined;
  readonly selected: boolean;
  readonly onSelect: () => void;
}

/** What training makes small, and how far it has come. */
export function LossCard({
  x,
  model: { loss, optimizer, training },
  changed,
  progress,
  selected,
  onSelect,
}: LossCardProps) {
  const { title, short, formula, use } = lossInfo[loss];
  return (
    <Card x={x} id="loss" label={t('Loss: {0}', title)} title={short} {...{ selected, changed, onSelect }}>
      <foreignObject x="10" y="30" width={cardWidth - 20} height="84">
        <div class="card-formula math">{formula}</div>
        <div class="card-note muted" title={use}>
          {use}
        </div>
      </foreignObject>
      {progress ? (
        <>
          <CardLine y={124} word={t('train')} figure={figureText(progress.trainLoss)} />
          <CardLine
            y={138}
            word={t('validation')}
            figure={progress.validationLoss === undefined ? '–' : figureText(progress.validationLoss)}
          />
        </>
      ) : (
        <>
          <CardLine y={124} word={t('batch')} figure={String(training.batchSize)} />
          <CardLine y={138} word={t('epochs')} figure={countText(training.epochs)} />
        </>
      )}
      <CardLine y={166} word={optimizer.type} figure={`α ${optimizer.learningRate}`} />
    </Card>
  );
}
