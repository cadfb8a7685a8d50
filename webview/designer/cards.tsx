import type { LossName } from '../../engine/model/dataFields.ts';
import { sourceTitle } from '../../engine/model/dataSource.ts';
import type { Model } from '../../engine/model/schema.ts';
import type { DataDescription } from '../../engine/protocol/trainer.ts';
import type { DesignerState } from '../../engine/protocol/views.ts';
import { countText } from '../kit/numberText.ts';
import { cardHeight, cardWidth } from './geometry.ts';

/** What each loss is called, and its formula. */
export const lossInfo: Record<LossName, { readonly title: string; readonly formula: string; readonly use: string }> = {
  binaryCrossEntropy: {
    title: 'Binary cross-entropy',
    formula: 'L = −Σ y ln ŷ + (1−y) ln(1−ŷ)',
    use: 'Two classes; one sigmoid output.',
  },
  crossEntropy: { title: 'Cross-entropy', formula: 'L = −Σₖ yₖ ln ŷₖ', use: 'Several classes; softmax outputs.' },
  meanSquaredError: { title: 'Mean squared error', formula: 'L = Σ (y − ŷ)² / n', use: 'Numbers to predict.' },
  meanAbsoluteError: {
    title: 'Mean absolute error',
    formula: 'L = Σ |y − ŷ| / n',
    use: 'Numbers to predict; outliers count little.',
  },
  huber: { title: 'Huber', formula: 'L = ½d², or |d| − ½', use: 'Numbers to predict; squared only where |d| ≤ 1.' },
};

interface CardProps {
  readonly x: number;
  readonly id: 'data' | 'loss';
  readonly label: string;
  readonly title: string;
  readonly selected: boolean;
  readonly onSelect: () => void;
  readonly children: preact.ComponentChildren;
}

function Card({ x, id, label, title, selected, onSelect, children }: CardProps) {
  return (
    <g
      class={`card${selected ? ' selected' : ''}`}
      id={`column-${id}`}
      role="option"
      aria-selected={selected}
      aria-label={label}
      transform={`translate(${x} ${-cardHeight / 2})`}
      data-grab
      data-testid={`${id}-card`}
      onPointerDown={onSelect}
    >
      <g aria-hidden="true">
        <rect class="frame" width={cardWidth} height={cardHeight} rx="6" />
        <text class="name" x="12" y="20">
          {title.length > 16 ? `${title.slice(0, 15)}…` : title}
          <title>{title}</title>
        </text>
        {children}
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
  readonly x: number;
  readonly model: Model;
  readonly host: DesignerState;
  readonly selected: boolean;
  readonly onSelect: () => void;
}

/** What the network learns from: a small picture of it, and its numbers. */
export function DataCard({ x, model, host: { data, dataError, trusted }, selected, onSelect }: DataCardProps) {
  const { source } = model.data;
  const title = sourceTitle(source);
  const rows = data ? data.rows.train + data.rows.validation + data.rows.test : undefined;
  const label = `Data: ${title}${rows === undefined ? '' : `, ${rows} rows, ${data?.inputs ?? 0} inputs`}`;
  return (
    <Card x={x} id="data" label={label} title={title} selected={selected} onSelect={onSelect}>
      {data && !dataError ? (
        <>
          <Preview data={data} />
          <CardLine y={136} word="rows" figure={countText(rows ?? 0)} />
          <CardLine y={151} word="features" figure={countText(data.inputs)} />
          {data.classes.length > 0 ? (
            <CardLine y={166} word="classes" figure={countText(data.classes.length)} />
          ) : (
            <CardLine y={166} word="targets" figure={countText(data.outputs)} />
          )}
        </>
      ) : (
        <foreignObject x="8" y="28" width={cardWidth - 16} height={cardHeight - 36}>
          <div class={`card-note ${dataError ? 'errc' : 'muted'}`}>
            {dataError ?? (trusted ? 'Reading…' : 'Trust this workspace to read the data.')}
          </div>
        </foreignObject>
      )}
    </Card>
  );
}

const previewSize = 88;
const classColors = ['--negative', '--positive'];
const seriesColors = ['--o-momentum', '--o-adam', '--o-rmsprop', '--o-adagrad', '--o-adamw', '--o-nesterov', '--o-sgd'];

/** The training rows by their first two features; a regression of one feature as its curve. */
function Preview({ data: { preview, classes } }: { readonly data: DataDescription }) {
  const [minX, maxX] = range(preview.map(point => point.x));
  const [minY, maxY] = range(preview.map(point => point.y));
  const [minValue, maxValue] = range(preview.map(point => point.value));
  const color = (value: number) => {
    if (classes.length === 2) return classColors[value] ?? '--fg';
    if (classes.length > 0) return seriesColors[value % seriesColors.length] ?? '--fg';
    return value > (minValue + maxValue) / 2 ? '--positive' : '--negative';
  };
  const size = previewSize - 8;
  return (
    <g transform={`translate(${(cardWidth - previewSize) / 2} 30)`} aria-hidden="true">
      <rect width={previewSize} height={previewSize} rx="3" fill="var(--zero)" />
      {preview.map(({ x, y, value }, i) => {
        const px = 4 + ((x - minX) / (maxX - minX)) * size;
        const py = 4 + size - ((y - minY) / (maxY - minY)) * size;
        // Square for class 0, circle for the others: colour is not the only sign.
        return classes.length > 0 && value === 0 ? (
          <rect key={i} x={px - 1.3} y={py - 1.3} width="2.6" height="2.6" fill={`var(${color(value)})`} />
        ) : (
          <circle key={i} cx={px} cy={py} r="1.5" fill={`var(${color(value)})`} />
        );
      })}
    </g>
  );
}

/** Smallest and largest, never equal. */
function range(values: readonly number[]): [number, number] {
  const min = Math.min(...values);
  const max = Math.max(...values);
  return max > min ? [min, max] : [min - 1, max + 1];
}

interface LossCardProps {
  readonly x: number;
  readonly model: Model;
  readonly selected: boolean;
  readonly onSelect: () => void;
}

/** What training makes small, and how. */
export function LossCard({ x, model: { loss, optimizer, training }, selected, onSelect }: LossCardProps) {
  const { title, formula, use } = lossInfo[loss];
  return (
    <Card x={x} id="loss" label={`Loss: ${title}`} title={title} selected={selected} onSelect={onSelect}>
      <foreignObject x="10" y="30" width={cardWidth - 20} height="76">
        <div class="card-formula math">{formula}</div>
        <div class="card-note muted">{use}</div>
      </foreignObject>
      <CardLine y={121} word="optimizer" figure={optimizer.type} />
      <CardLine y={136} word="rate α" figure={String(optimizer.learningRate)} />
      <CardLine y={151} word="batch" figure={String(training.batchSize)} />
      <CardLine y={166} word="epochs" figure={countText(training.epochs)} />
    </Card>
  );
}
