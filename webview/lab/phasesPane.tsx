import { t } from '../kit/language.ts';
import { figureText } from '../kit/numberText.ts';
import { arrowPath, fitted, markerPath } from './drawing.ts';
import type { Lab } from './lab.ts';
import { phasesOf, stepRecord, type Phase, type PhaseArrow } from './phases.ts';
import { entrantsOf, type Entrant, type LabState } from './state.ts';
import { usePlayback } from './usePlayback.ts';

interface PhasesPaneProps {
  readonly lab: Lab;
  readonly state: LabState;
}

/** The next step of the selected optimizer, taken apart: what is computed, in its order, with its numbers. */
export function PhasesPane({ lab, state }: PhasesPaneProps) {
  const { step, phase } = usePlayback(lab.playback);
  const entrant = entrantsOf(state)[state.selected];
  const track = state.tracks[state.selected];
  if (!entrant || !track || track.values.length < 2) return null;
  const at = Math.min(step, track.steps - 1);
  const phases = phasesOf(stepRecord(entrant.racer.optimizer, track, at));
  const current = Math.min(phase, phases.length - 1);
  return (
    <section class="phases" aria-label={t('The next step')}>
      <header>
        <EntrantMark entrant={entrant} />
        <span class="title" data-testid="phase-title">
          {t('{0}, step {1}', entrant.name, at + 1)}
        </span>
        <span class="muted small" aria-live="polite">
          {t(
            'phase {0} of {1}: {2} · each press of F10 plays one phase',
            current + 1,
            phases.length,
            phases[current]?.title ?? '',
          )}
        </span>
        <span class="grow" />
        <span class="muted small hint">{t('arrows are scaled to fit; the numbers are exact')}</span>
      </header>
      <div class="columns">
        {phases.map((part, i) => (
          <PhaseColumn key={part.title} phase={part} number={i + 1} isCurrent={i === current} entrant={entrant} />
        ))}
      </div>
    </section>
  );
}

/** An optimizer's dash and marker, as its key. */
export function EntrantMark({ entrant: { series } }: { readonly entrant: Entrant }) {
  const color = `var(${series.color})`;
  return (
    <svg class="mark" width="34" height="14" aria-hidden="true">
      <path d="M0 7H34" stroke={color} stroke-width="2.2" stroke-dasharray={series.dash.join(' ')} />
      <path d={markerPath(series.marker, 17, 7, 4)} fill={color} />
    </svg>
  );
}

interface PhaseColumnProps {
  readonly phase: Phase;
  readonly number: number;
  readonly isCurrent: boolean;
  readonly entrant: Entrant;
}

function PhaseColumn({ phase, number, isCurrent, entrant }: PhaseColumnProps) {
  const { title, figures, note, formula, result } = phase;
  return (
    <div class={`phase${isCurrent ? ' now' : ''}`} aria-current={isCurrent ? 'step' : undefined} title={note}>
      <h4>
        <em>{number}</em>
        {title}
      </h4>
      <div class="drawn">
        <Drawing phase={phase} entrant={entrant} />
        <div class="figures small">
          {figures.map(([labels, values]) =>
            labels.map((label, i) => (
              <div key={label}>
                {label} {figureText(values[i] ?? 0, 4)}
              </div>
            )),
          )}
          <div class="muted">{note}</div>
        </div>
      </div>
      <div class="math">
        <Formula text={formula} />
        <br />
        <span class="muted">
          = ({figureText(result[0], 5)}, {figureText(result[1], 5)})
        </span>
      </div>
    </div>
  );
}

/** Letters that stand for quantities are set in italics, words such as sign are not. */
function Formula({ text }: { readonly text: string }) {
  const parts = text.split(/((?<!\p{L})\p{L}\p{M}?(?!\p{L}))/u);
  return <>{parts.map((part, i) => (i % 2 === 1 ? <i key={i}>{part}</i> : part))}</>;
}

const width = 112;
const height = 104;
const middle = [56, 52] as const;

function Drawing({ phase, entrant }: { readonly phase: Phase; readonly entrant: Entrant }) {
  const color = `var(${entrant.series.color})`;
  return (
    <svg class="drawing" viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      {phase.squares ? (
        <Squares edges={phase.squares} color={color} />
      ) : (
        <>
          <path class="axes" d={`M2 ${middle[1]}H110M${middle[0]} 2V102`} />
          {phase.arrows.map((arrow, i) => (
            <Arrow key={i} arrow={arrow} arrows={phase.arrows} color={color} />
          ))}
          <path d={markerPath(entrant.series.marker, ...middle, 5)} fill={color} class="ball" />
        </>
      )}
    </svg>
  );
}

const longest = 46;
/** How long what another would do is drawn: it is there for its direction. */
const compared = 30;
/** What is much smaller than the rest is still drawn, as long as this. */
const shortest = 9;

function Arrow({
  arrow,
  arrows,
  color,
}: {
  readonly arrow: PhaseArrow;
  readonly arrows: readonly PhaseArrow[];
  readonly color: string;
}) {
  const size = Math.hypot(...arrow.vector);
  if (size === 0) return null;
  const most = Math.max(...arrows.filter(({ role }) => role !== 'other').map(({ vector }) => Math.hypot(...vector)));
  const length = arrow.role === 'other' ? compared : Math.max(shortest, (longest * size) / most);
  const { shaft, tip } = arrowPath(middle, fitted(arrow.vector, length), 7);
  const stroke = arrow.role === 'own' || arrow.role === 'old' ? color : 'var(--fg)';
  const dashed = arrow.role !== 'own' && arrow.role !== 'gradient';
  return (
    <g opacity={dashed ? 0.65 : 1}>
      <path d={shaft} stroke={stroke} stroke-width={dashed ? 1.6 : 2.4} stroke-dasharray={dashed ? '3 3' : 'none'} />
      <path d={tip} fill={stroke} />
    </g>
  );
}

/** Two squares whose edges are √v of x and of y. */
function Squares({ edges, color }: { readonly edges: readonly [number, number]; readonly color: string }) {
  const most = Math.max(...edges) || 1;
  return (
    <>
      {edges.map((edge, i) => {
        const size = Math.max(3, (48 * edge) / most);
        const x = 3 + 56 * i;
        return (
          <g key={i}>
            <rect
              x={x}
              y={76 - size}
              width={size}
              height={size}
              fill={color}
              fill-opacity="0.22"
              stroke={color}
              stroke-width="1.6"
            />
            <text x={x} y="92" class="tick">
              √v {i === 0 ? 'x' : 'y'}
            </text>
          </g>
        );
      })}
    </>
  );
}
