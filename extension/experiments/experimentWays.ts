import type * as vscode from 'vscode';
import { contestantNames, contestantRows } from '../../engine/model/experiments/contestants.ts';
import { textWith } from '../../engine/model/experiments/variant.ts';
import { parseModel } from '../../engine/model/parse.ts';
import type { ExperimentPlan } from '../../engine/protocol/experiment.ts';
import type { TrainerCalls } from '../../engine/protocol/trainer.ts';
import type { WeightSample } from '../../engine/protocol/weightSample.ts';
import { ProcessSamples } from '../training/processSamples.ts';
import type { WatchedTraining } from '../training/watchedTraining.ts';
import type { Job } from './lanes.ts';

/** The weights of each variant of an experiment, for whoever draws their ways: of its runs with the first seed. */
export class ExperimentWays implements vscode.Disposable {
  readonly trainings: readonly WatchedTraining[];
  readonly #samples: readonly ProcessSamples<WeightSample>[];
  /** The processes that train now, by variant. */
  readonly #trainers = new Map<number, Pick<TrainerCalls, 'requestWeights'>>();

  constructor({ variants, model }: ExperimentPlan) {
    this.#samples = variants.map((_, i) => new ProcessSamples<WeightSample>(() => this.#ask(i)));
    this.trainings = variants.flatMap(({ name, settings }, i) => {
      const optimizer = parseModel(textWith(model, settings)).model?.optimizer;
      const weights = this.#samples[i];
      const known = contestantNames.find(contestant => contestant === name);
      return optimizer && weights ? [{ title: known ? contestantRows[known].title : name, optimizer, weights }] : [];
    });
  }

  dispose(): void {
    for (const samples of this.#samples) samples.dispose();
  }

  /** What the job of a variant has to tell. */
  of(variant: number): Required<Pick<Job, 'begin' | 'weigh' | 'end'>> {
    const samples = this.#samples[variant];
    return {
      begin: trainer => {
        this.#trainers.set(variant, trainer);
        samples?.begin();
      },
      weigh: sample => samples?.receive(sample),
      end: () => void this.#trainers.delete(variant),
    };
  }

  #ask(variant: number): boolean {
    const trainer = this.#trainers.get(variant);
    trainer?.requestWeights().catch(() => undefined);
    return trainer !== undefined;
  }
}
