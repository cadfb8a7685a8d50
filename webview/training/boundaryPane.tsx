import { useEffect, useRef, useState } from 'preact/hooks';
import type { Boundary, PredictionsEvent } from '../../engine/protocol/predictions.ts';
import { IconButton } from '../kit/button.tsx';
import { t } from '../kit/language.ts';
import { figureText } from '../kit/numberText.ts';
import { useThemeColors, type ColorOf } from '../kit/themeColors.ts';
import { keepShowsValidation, showsValidation } from './keptPanel.ts';

interface BoundaryPaneProps {
  readonly predictions: PredictionsEvent;
  readonly boundary: Boundary;
}

/** Pixels of a side, before the screen's own density. */
const side = 300;

/** Series colours, for three or more classes. */
const classColors = ['--o-momentum', '--o-adam', '--o-rmsprop', '--o-adagrad', '--o-adamw', '--o-nesterov', '--o-sgd'];

/** The answers over the plane of the data, with the data on it. */
export function BoundaryPane({ predictions, boundary }: BoundaryPaneProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const colorOf = useThemeColors();
  const [withValidation, setWithValidation] = useState(showsValidation);
  const hasValidation = predictions.points?.some(({ split }) => split === 'validation') ?? false;
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const density = window.devicePixelRatio;
    context.setTransform(density, 0, 0, density, 0, 0);
    context.clearRect(0, 0, side, side);
    drawAnswers(context, boundary, colorOf);
    const points = predictions.points?.filter(({ split }) => withValidation || split === 'train') ?? [];
    drawPoints(context, points, boundary, colorOf);
  }, [predictions, boundary, colorOf, withValidation]);
  const toggle = () => {
    setWithValidation(!withValidation);
    keepShowsValidation(!withValidation);
  };
  const [x, y] = boundary.axes;
  const regression = boundary.classes.length === 0;
  const title = regression ? t('Predicted values') : t('Decision boundary');
  return (
    <section class="pane" aria-label={title}>
      <header>
        <span class="title">{title}</span>
        <span class="grow" />
        <span class="muted">
          {withValidation && hasValidation ? t('filled: train · hollow: validation') : t('train')}
        </span>
        {hasValidation && (
          <IconButton
            icon={withValidation ? 'eye' : 'eye-closed'}
            label={
              withValidation
                ? t('Hide the points of the validation split')
                : t('Show the points of the validation split')
            }
            pressed={withValidation}
            onPress={toggle}
            testId="toggle-validation"
          />
        )}
      </header>
      <div class="plane">
        <span class="axis y">{y}</span>
        <canvas
          ref={canvas}
          width={side * window.devicePixelRatio}
          height={side * window.devicePixelRatio}
          role="img"
          aria-label={summaryOf(predictions, boundary, title)}
          data-testid="boundary"
        />
        <span class="axis x">
          {figureText(boundary.xMin)} … {x} … {figureText(boundary.xMax)}
        </span>
      </div>
    </section>
  );
}

/** One pixel a cell, enlarged smoothly. */
function drawAnswers(target: CanvasRenderingContext2D, boundary: Boundary, colorOf: ColorOf): void {
  const { columns, rows, classes, values } = boundary;
  const cells = document.createElement('canvas');
  [cells.width, cells.height] = [columns, rows];
  const context = cells.getContext('2d');
  if (!context) return;
  const many = new Set(classes).size > 2 || Math.max(...classes, 0) > 1;
  const largest = Math.max(...values.map(Math.abs)) || 1;
  values.forEach((value, i) => {
    if (many) {
      context.fillStyle = colorOf(classColors[(classes[i] ?? 0) % classColors.length] ?? '--fg');
      context.globalAlpha = 0.1 + 0.45 * value;
    } else {
      // From −1, surely class 0 or the lowest value, to 1.
      const sign = classes.length > 0 ? 2 * value - 1 : value / largest;
      context.fillStyle = colorOf(sign < 0 ? '--negative' : '--positive');
      context.globalAlpha = 0.55 * Math.abs(sign);
    }
    // y points up.
    context.fillRect(i % columns, rows - 1 - Math.floor(i / columns), 1, 1);
  });
  target.drawImage(cells, 0, 0, side, side);
}

function drawPoints(
  context: CanvasRenderingContext2D,
  points: NonNullable<PredictionsEvent['points']>,
  { xMin, xMax, yMin, yMax, classes }: Boundary,
  colorOf: ColorOf,
): void {
  const regression = classes.length === 0;
  const many = points.some(({ value }) => value > 1) && !regression;
  for (const { x, y, value, split } of points) {
    const left = ((x - xMin) / (xMax - xMin)) * side;
    const top = side - ((y - yMin) / (yMax - yMin)) * side;
    const sign = regression ? value : value - 0.5;
    const color = colorOf(
      many ? (classColors[value % classColors.length] ?? '--fg') : sign < 0 ? '--negative' : '--positive',
    );
    context.beginPath();
    // The class shows in the shape too: circles for class 0, squares for the others.
    if (!regression && value > 0) context.rect(left - 2.5, top - 2.5, 5, 5);
    else context.arc(left, top, 2.8, 0, 2 * Math.PI);
    context.fillStyle = split === 'train' ? color : colorOf('--bg');
    context.strokeStyle = split === 'train' ? colorOf('--bg') : color;
    context.fill();
    context.stroke();
  }
}

function summaryOf({ classNames }: PredictionsEvent, { classes, values }: Boundary, title: string): string {
  if (classes.length === 0)
    return t('{0}: from {1} to {2}.', title, figureText(Math.min(...values)), figureText(Math.max(...values)));
  const shares = classNames.map((name, i) => {
    const share = classes.filter(winner => winner === i).length / classes.length;
    return t('class {0} on {1}%', name, Math.round(100 * share));
  });
  return t('{0}: {1} of the plane.', title, shares.join(', '));
}
