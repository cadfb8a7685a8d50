import type { Issue } from '../../engine/model/issues.ts';
import type { LayerChange } from '../../engine/model/modelChanges.ts';

interface HeadProps {
  readonly x: number;
  readonly top: number;
  readonly name: string;
  readonly detail: string;
}

/** Name and kind of a column. */
export function Head({ x, top, name, detail }: HeadProps) {
  return (
    <>
      <text class="name" x={x} y={top + 18} text-anchor="middle">
        {shorten(name, 11)}
        {name.length > 11 && <title>{name}</title>}
      </text>
      <text class="sub" x={x} y={top + 33} text-anchor="middle">
        {shorten(detail, 13)}
      </text>
    </>
  );
}

interface FootProps {
  readonly x: number;
  readonly bottom: number;
  readonly figure: string;
  readonly detail: string;
  /** What is left of `detail` where its words are too long for a column. */
  readonly short?: string;
}

/** Characters of a tick that a column has room for. */
const widestTick = 13;

/** Units and parameters of a column. */
export function Foot({ x, bottom, figure, detail, short = detail }: FootProps) {
  const fits = detail.length <= widestTick;
  return (
    <>
      <text class="figure" x={x} y={bottom - 26} text-anchor="middle">
        {figure}
      </text>
      <text class="tick" x={x} y={bottom - 11} text-anchor="middle">
        {fits ? detail : shorten(short, widestTick)}
        {!fits && <title>{detail}</title>}
      </text>
    </>
  );
}

/** That something is wrong with a layer. */
export function Badge({
  x,
  y,
  severity,
}: {
  readonly x: number;
  readonly y: number;
  readonly severity: Issue['severity'];
}) {
  return (
    <g class={`badge ${severity}`} transform={`translate(${x} ${y})`} data-testid="badge">
      <circle r="10" />
      <path d="M0 -5V1.5M0 4V5" />
    </g>
  );
}

const changeSigns: Record<LayerChange, string> = { added: '+', removed: '−', changed: '~', moved: '↔' };

/** How something differs from the other version of the file, with a sign beside the colour. */
export function ChangeMark({ x, y, change }: { readonly x: number; readonly y: number; readonly change: LayerChange }) {
  return (
    <g class={`change ${change}`} transform={`translate(${x} ${y})`} data-testid="change" data-change={change}>
      <rect x="-9" y="-9" width="18" height="18" rx="4" />
      <text text-anchor="middle" y="4.5">
        {changeSigns[change]}
      </text>
    </g>
  );
}

export const shorten = (text: string, length: number): string =>
  text.length > length ? `${text.slice(0, length - 1)}…` : text;
