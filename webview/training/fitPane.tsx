import { useEffect, useRef } from 'preact/hooks';
import type { PredictionsEvent } from '../../engine/protocol/predictions.ts';
import { t } from '../kit/language.ts';
import { figureText } from '../kit/numberText.ts';
import { useThemeColors } from '../kit/themeColors.ts';
import { splitWord } from './splitWord.ts';

interface FitPaneProps {
  readonly fit: NonNullable<PredictionsEvent['fit']>;
  readonly split: string;
}

const side = 260;
const margin = 8;

/** Predicted against true numbers: the better the fit, the nearer to the diagonal. */
export function FitPane({ fit, split }: FitPaneProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const colorOf = useThemeColors();
  const numbers = fit.flatMap(({ actual, predicted }) => [actual, predicted]);
  const min = Math.min(...numbers);
  const max = Math.max(...numbers);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const density = window.devicePixelRatio;
    context.setTransform(density, 0, 0, density, 0, 0);
    context.clearRect(0, 0, side, side);
    const at = (value: number) => margin + ((value - min) / (max - min || 1)) * (side - 2 * margin);
    context.strokeStyle = colorOf('--faint');
    context.setLineDash([4, 3]);
    context.beginPath();
    context.moveTo(at(min), side - at(min));
    context.lineTo(at(max), side - at(max));
    context.stroke();
    context.fillStyle = colorOf('--run');
    context.globalAlpha = 0.6;
    for (const { actual, predicted } of fit) {
      context.beginPath();
      context.arc(at(actual), side - at(predicted), 2.2, 0, 2 * Math.PI);
      context.fill();
    }
    context.globalAlpha = 1;
  }, [fit, min, max, colorOf]);
  const error = fit.reduce((sum, { actual, predicted }) => sum + Math.abs(actual - predicted), 0) / (fit.length || 1);
  return (
    <section class="pane" aria-label={t('Predicted against true')}>
      <header>
        <span class="title">{t('Predicted against true')}</span>
        <span class="muted">{splitWord(split)}</span>
        <span class="grow" />
        <span class="muted">{t('mean error')}</span> <b>{figureText(error)}</b>
      </header>
      <div class="plane">
        <span class="axis y">{t('predicted')}</span>
        <canvas
          ref={canvas}
          width={side * window.devicePixelRatio}
          height={side * window.devicePixelRatio}
          style={{ width: `${side}px`, height: `${side}px` }}
          role="img"
          aria-label={t('Predicted against true numbers of {0} rows: mean error {1}.', fit.length, figureText(error))}
          data-testid="fit"
        />
        <span class="axis x">
          {figureText(min)} {t('… true …')} {figureText(max)}
        </span>
      </div>
    </section>
  );
}
