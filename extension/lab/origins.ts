import * as vscode from 'vscode';
import type { LabOrigin } from '../../engine/protocol/views.ts';
import type { Model } from '../../engine/model/schema.ts';
import type { ExperimentPanels } from '../experiments/experimentPanels.ts';
import { metricText, optimizerText } from '../runs/runText.ts';
import { timeText, type StoredRun, type StoredRuns } from '../runs/storedRuns.ts';
import type { Runs } from '../training/runs.ts';
import type { WatchedTrainings } from '../training/watchedTraining.ts';

/** Runs that are offered at most; the newest. */
const mostRuns = 30;

export interface OriginOptions {
  readonly runs: Runs;
  readonly stored: StoredRuns;
  readonly experiments: ExperimentPanels;
}

/** What the loss of a model can be looked at around: trainings that run, runs that are kept, the first weights. */
export class Origins implements vscode.Disposable {
  readonly #options: OriginOptions;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly #subscriptions: vscode.Disposable;
  #live = '';

  /** There may be others now. */
  readonly onDidChange = this.#changed.event;

  constructor(options: OriginOptions) {
    this.#options = options;
    const { runs, stored, experiments } = options;
    const change = () => this.#changed.fire(undefined);
    this.#subscriptions = vscode.Disposable.from(
      stored.onDidChange(change),
      experiments.onDidChange(change),
      runs.onDidChange(() => {
        // A run tells of every batch of events; which models train is what counts here.
        const live = runs.busy.map(({ uri }) => uri.toString()).join(' ');
        if (live === this.#live) return;
        this.#live = live;
        change();
      }),
    );
  }

  dispose(): void {
    this.#subscriptions.dispose();
    this.#changed.dispose();
  }

  /**
   * Everything that can be chosen for a model: what runs, the runs that are kept, the newest first, and the first weights.
   * `asked` is the folder of a run that is offered in any case, such as one of a comparison.
   */
  async of(uri: vscode.Uri, model: Model, asked: string): Promise<LabOrigin[]> {
    const origins: LabOrigin[] = [];
    if (this.watched(uri, 'comparison'))
      origins.push({ id: 'comparison', kind: 'live', title: vscode.l10n.t('Comparison that runs') });
    if (this.watched(uri, 'training'))
      origins.push({ id: 'training', kind: 'live', title: vscode.l10n.t('Training that runs') });
    const runs = await this.#runsOf(uri);
    const other =
      asked === '' || runs.some(({ folder }) => folder.fsPath === asked) ? undefined : await this.#read(uri, asked);
    for (const run of other ? [...runs, other] : runs)
      origins.push({ id: run.folder.fsPath, kind: 'run', title: titleOf(run, origins) });
    return [...origins, { id: 'seed', kind: 'seed', title: vscode.l10n.t('First weights, seed {0}', model.seed) }];
  }

  /** The trainings of a model that run now, in a comparison or alone; undefined when there are none. */
  watched(uri: vscode.Uri, kind: 'comparison' | 'training'): WatchedTrainings | undefined {
    const { runs, experiments } = this.#options;
    return kind === 'comparison' ? experiments.watched(uri) : runs.find(uri)?.watched;
  }

  /** The kept run in a folder, if it is one of this model. */
  async run(uri: vscode.Uri, folder: string): Promise<{ folder: string; title: string } | undefined> {
    const run = await this.#read(uri, folder);
    return run && { folder, title: vscode.l10n.t('Run {0}', timeText(run.record.started)) };
  }

  async #read(uri: vscode.Uri, folder: string): Promise<StoredRun | undefined> {
    const run = await this.#options.stored.read(vscode.Uri.file(folder));
    return run?.record.modelPath === uri.fsPath ? run : undefined;
  }

  async #runsOf(uri: vscode.Uri): Promise<StoredRun[]> {
    const runs = await this.#options.stored.all();
    return runs
      .filter(({ record, status }) => record.modelPath === uri.fsPath && status !== 'running' && status !== 'diverged')
      .slice(0, mostRuns);
  }
}

/** `Run 14:03:21 · adam 0.01 · 97.5 %`, told apart from those before it. */
function titleOf(run: StoredRun, before: readonly LabOrigin[]): string {
  const parts = [timeText(run.record.started), optimizerText(run), metricText(run), run.record.note ?? ''];
  const title = vscode.l10n.t('Run {0}', parts.filter(Boolean).join(' · '));
  const alike = before.filter(origin => origin.title === title || origin.title.startsWith(`${title} (`)).length;
  return alike === 0 ? title : `${title} (${alike + 1})`;
}
