import type * as vscode from 'vscode';
import type { Remedy } from '../../engine/model/issues.ts';
import { applyRemedy, lastAlarm, remediesOf } from '../diagnosis/remedies.ts';
import type { Run } from './run.ts';

/** Offers what would help against the last alarm of a run. */
export class RunAlarms implements vscode.Disposable {
  readonly #run: Run;
  readonly #offer: (titles: readonly string[]) => void;
  readonly #subscription: vscode.Disposable;
  #remedies: readonly Remedy[] = [];

  constructor(run: Run, offer: (titles: readonly string[]) => void) {
    this.#run = run;
    this.#offer = offer;
    this.#subscription = run.onDidReceive(events => {
      if (lastAlarm(events)) void this.show();
    });
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  /** Looks for remedies anew, since the model may have changed. */
  async show(): Promise<void> {
    const alarm = lastAlarm(this.#run.events);
    this.#remedies = alarm ? await remediesOf(this.#run.uri, alarm.code) : [];
    this.#offer(this.#remedies.map(({ title }) => title));
  }

  /** Makes the change that was offered under this number. */
  apply(index: number): void {
    const remedy = this.#remedies[index];
    if (remedy) void applyRemedy(this.#run.uri, remedy).then(() => this.show());
  }
}
