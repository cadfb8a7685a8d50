import * as vscode from 'vscode';
import type { DiagnosisCode, Remedy } from '../../engine/model/issues.ts';
import { parseModel } from '../../engine/model/parse.ts';
import { isDiagnosisCode, remediesFor } from '../../engine/model/remedies.ts';
import { remedyEdit } from '../../engine/model/remedyEdit.ts';
import type { TrainingEvent, WarningEvent } from '../../engine/protocol/events.ts';
import { applyModelEdit } from '../models/applyModelEdit.ts';

/** What would help the model as it is now; nothing while an error stands in it. */
export async function remediesOf(uri: vscode.Uri, code: DiagnosisCode): Promise<Remedy[]> {
  const text = (await vscode.workspace.openTextDocument(uri)).getText();
  const { model } = parseModel(text);
  return model ? remediesFor(code, { model, text }) : [];
}

/** Changes the model as the remedy says, in one undo step. */
export async function applyRemedy(uri: vscode.Uri, remedy: Remedy): Promise<void> {
  await applyModelEdit(await vscode.workspace.openTextDocument(uri), remedyEdit(remedy));
}

/** The last alarm of a training that something can be done about. */
export const lastAlarm = (
  events: readonly TrainingEvent[],
): (WarningEvent & { readonly code: DiagnosisCode }) | undefined =>
  events.findLast(
    (event): event is WarningEvent & { code: DiagnosisCode } =>
      event.event === 'warning' && isDiagnosisCode(event.code),
  );
