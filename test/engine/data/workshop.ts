import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { ReadOptions } from '../../../engine/data/fileChunks.ts';
import { loadData } from '../../../engine/data/load.ts';
import type { ModelInFile } from '../../../engine/model/modelInFile.ts';
import { parseModel } from '../../../engine/model/parse.ts';

/** A folder for the data files of a test, and models beside them. */
export class Workshop {
  readonly folder = mkdtempSync(path.join(os.tmpdir(), 'mlp-studio-'));

  dispose(): void {
    rmSync(this.folder, { recursive: true });
  }

  write(name: string, content: string | Uint8Array): string {
    const file = path.join(this.folder, name);
    writeFileSync(file, content);
    return file;
  }

  /** A model of one layer for `data`; `outputs` units that fit `loss`. */
  model(data: object, { loss = 'binaryCrossEntropy', outputs = 1 } = {}): ModelInFile {
    const activation = { binaryCrossEntropy: 'sigmoid', crossEntropy: 'softmax' }[loss] ?? 'identity';
    const text = JSON.stringify(
      { version: 1, data, layers: [{ id: 'output', type: 'dense', units: outputs, activation }], loss },
      null,
      2,
    );
    const { model, issues } = parseModel(text);
    if (!model) throw new Error(issues.map(({ message }) => message).join(' '));
    return { model, file: path.join(this.folder, 'model.mlp.json'), text };
  }

  load(data: object, task: { loss?: string; outputs?: number } = {}, options: ReadOptions = {}) {
    return loadData(this.model(data, task), options);
  }
}
