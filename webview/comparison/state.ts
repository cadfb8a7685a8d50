import { useMemo, useState } from 'preact/hooks';
import { standings, targetOf, type Standing } from '../../engine/protocol/standings.ts';
import type { CellState, ExperimentState } from '../kit/experimentStore.ts';
import type { Axis, BandKind, Measure } from './bands.ts';
import { contestantsOf, type Contestant } from './contestants.ts';

/** How the user looks at a comparison. */
export interface Look {
  readonly axis: Axis;
  readonly measure: Measure;
  readonly band: BandKind;
  readonly logarithmic: boolean;
  /** Share of the last value that a smoothed curve keeps. */
  readonly smoothing: number;
  /** The loss to come to; chosen from the curves where the user has named none. */
  readonly target: number | undefined;
  readonly hidden: readonly number[];
  readonly selected: number | undefined;
  readonly asTable: boolean;
}

export interface Comparison {
  readonly look: Look;
  readonly change: (change: Partial<Look>) => void;
  readonly contestants: readonly Contestant[];
  readonly cells: readonly CellState[];
  readonly ranking: readonly Standing[];
  readonly target: number | undefined;
  /** The variant that stands out: the one chosen, or the first of the ranking. */
  readonly selected: number | undefined;
}

const firstLook: Look = {
  axis: 'epoch',
  measure: 'loss',
  band: 'range',
  logarithmic: true,
  smoothing: 0,
  target: undefined,
  hidden: [],
  selected: undefined,
  asTable: false,
};

export function useComparison({ record, cells }: ExperimentState): Comparison {
  const [look, setLook] = useState(firstLook);
  const contestants = useMemo(() => (record ? contestantsOf(record) : []), [record]);
  const target = look.target ?? targetOf(cells);
  const finished = cells.flatMap(({ result, points }) => (result ? [{ result, points }] : []));
  const ranking = standings(finished, target);
  return {
    look,
    change: change => setLook({ ...look, ...change }),
    contestants,
    cells,
    ranking,
    target,
    selected: look.selected ?? ranking[0]?.variant,
  };
}
