import { useEffect, useRef } from 'preact/hooks';
import type { PredictionsEvent } from '../../engine/protocol/predictions.ts';
import { t } from '../kit/language.ts';
import { figureText, percentText } from '../kit/numberText.ts';
import { splitWord } from './splitWord.ts';

type Mistake = NonNullable<PredictionsEvent['mistakes']>[number];

interface MistakesPaneProps {
  readonly predictions: PredictionsEvent;
  readonly mistakes: readonly Mistake[];
}

/** Rows that the network gets wrong, the surest first; those of a square of numbers as pictures. */
export function MistakesPane({ predictions: { classNames, featureNames, split }, mistakes }: MistakesPaneProps) {
  const side = Math.sqrt(featureNames.length);
  const pictures = Number.isInteger(side) && side >= 5;
  const name = (i: number) => classNames[i] ?? String(i);
  const words = ({ row, actual, predicted, probability }: Mistake) =>
    t('Row {0} is {1}, predicted as {2} with {3}', row, name(actual), name(predicted), percentText(probability));
  return (
    <section class="pane" aria-label={t('Mistakes')}>
      <header>
        <span class="title">{t('Mistakes')}</span>
        <span class="muted">{t('{0}, the surest first', splitWord(split))}</span>
      </header>
      <ul class={pictures ? 'mistakes pictures' : 'mistakes'} data-testid="mistakes">
        {mistakes.map(mistake => (
          <li
            key={mistake.row}
            title={
              pictures
                ? words(mistake)
                : mistake.features
                    .slice(0, 20)
                    .map(value => figureText(value))
                    .join(', ')
            }
          >
            {pictures && <Picture values={mistake.features} side={side} label={words(mistake)} />}
            {pictures ? (
              <span aria-hidden="true">
                <b>{name(mistake.predicted)}</b> <span class="muted">{t('is {0}', name(mistake.actual))}</span>
              </span>
            ) : (
              words(mistake)
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

interface PictureProps {
  readonly values: readonly number[];
  readonly side: number;
  readonly label: string;
}

/** A square of numbers in shades of grey, from its smallest to its largest. */
function Picture({ values, side, label }: PictureProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const min = Math.min(...values);
    const range = Math.max(...values) - min || 1;
    const image = context.createImageData(side, side);
    values.forEach((value, i) => {
      const shade = (255 * (value - min)) / range;
      image.data.set([shade, shade, shade, 255], 4 * i);
    });
    context.putImageData(image, 0, 0);
  }, [values, side]);
  return <canvas ref={canvas} width={side} height={side} role="img" aria-label={label} />;
}
