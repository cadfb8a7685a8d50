import { activationInfo, type Activation } from '../../engine/model/layerFields.ts';
import { pathOf, shownSpan, valueRange } from './activationCurve.ts';
import { Formula } from './formula.tsx';
import { t, tableText } from './language.ts';

const width = 240;
const height = 108;
const plot = { top: 14, height: 72 };

/** An activation (solid) and its derivative (dashed), with formula and range. */
export function ActivationGraph({ activation }: { readonly activation: Activation }) {
  const { formula, range, use } = activationInfo[activation];
  const { low, high } = valueRange(activation);
  const yOf = (value: number) => plot.top + plot.height * (1 - (value - low) / (high - low));
  return (
    <figure class="activation-graph">
      <svg
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={t('{0}: σ(a) = {1}, range {2}', activation, formula, range)}
      >
        <path class="axis" d={`M0 ${yOf(0)}H${width}M${width / 2} ${plot.top}V${plot.top + plot.height}`} />
        <svg x="0" y={plot.top} width={width} height={plot.height} overflow="hidden">
          <path class="derivative" d={pathOf(activation, width, plot.height, 'derivative')} />
          <path class="value" d={pathOf(activation, width, plot.height, 'value')} />
        </svg>
        <text class="tick" x="4" y={yOf(high) - 3}>
          {high}
        </text>
        {[-3, 0, 3].map(a => (
          <text key={a} class="tick" x={width / 2 + (a / shownSpan) * (width / 2)} y={height - 5} text-anchor="middle">
            {String(a).replace('-', '−')}
          </text>
        ))}
        <text class="tick" x={width - 5} y={height - 5} text-anchor="end" font-style="italic">
          a
        </text>
      </svg>
      <figcaption>
        <span class="math">
          <i>σ</i>(<i>a</i>) = <Formula text={formula} />
        </span>
        <span class="note">{t('Range {0}. {1} Dashed: its derivative.', range, tableText(use))}</span>
      </figcaption>
    </figure>
  );
}
