import { rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parseModel } from '../../../engine/model/parse.ts';
import type { Diagnosis } from '../../../engine/protocol/diagnosis.ts';
import { Diagnoses } from '../../../extension/diagnosis/diagnoses.ts';
import { TrainingProcess } from '../../../extension/training/trainingProcess.ts';
import { modelText } from '../../engine/model/modelText.ts';
import { buildEntry } from '../../support/buildEntry.ts';

vi.mock('vscode', () => import('../../support/vscode.ts'));

describe('the examination of a model', () => {
  let entry: string;
  beforeAll(async () => {
    entry = await buildEntry('engine/process/main.ts');
  });
  afterAll(() => rmSync(path.dirname(entry), { recursive: true, force: true }));

  it('waits as long as a training begins, and then says what it has found', async () => {
    let begins = true;
    let processes = 0;
    const log = { info: () => undefined, warn: () => undefined };
    const diagnoses = new Diagnoses(
      listener => {
        processes++;
        return new TrainingProcess(entry, listener, log);
      },
      () => !begins,
    );
    const document = { uri: vscode.Uri.file('/models/moons.mlp.json'), getText: () => modelText };
    const { model } = parseModel(modelText);
    if (!model) throw new Error('The text is no model.');
    const answers: Diagnosis[] = [];
    diagnoses.request(document, model, answer => answers.push(answer));
    await sleep(1200);
    expect(processes).toBe(0);
    begins = false;
    await vi.waitFor(() => expect(answers).toHaveLength(1), 10_000);
    expect(processes).toBe(1);
    diagnoses.dispose();
  });
});
