import { contestantNames, contestantRows, type ContestantName } from '../../engine/model/experiments/contestants.ts';
import { textWith } from '../../engine/model/experiments/variant.ts';
import { parseModel } from '../../engine/model/parse.ts';
import type { ExperimentRecord } from '../../engine/protocol/experiment.ts';
import { tableText } from '../kit/language.ts';
import { contestantLooks } from './looks.ts';
import type { SeriesLook } from '../kit/seriesKey.tsx';

/** A variant of a comparison, as curves and tables name it. */
export interface Contestant {
  readonly name: string;
  readonly title: string;
  /** For the end of a curve. */
  readonly short: string;
  readonly look: SeriesLook;
  readonly learningRate: number | undefined;
  readonly batchSize: number | 'full' | undefined;
}

/** Who takes part in a comparison. A name from elsewhere is shown as it is. */
export const contestantsOf = ({ model: text, variants }: ExperimentRecord): Contestant[] =>
  variants.map(({ name, settings }) => {
    const { model } = parseModel(textWith(text, settings));
    const known: ContestantName | undefined = contestantNames.find(candidate => candidate === name);
    return {
      name,
      title: known ? tableText(contestantRows[known].title) : name,
      short: known ? contestantLooks[known].short : name,
      look: contestantLooks[known ?? 'sgd'],
      learningRate: model?.optimizer.learningRate,
      batchSize: model?.training.batchSize,
    };
  });
