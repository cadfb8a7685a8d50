import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseModel } from '../../engine/model/parse.ts';
import { folderNameOf } from '../../engine/protocol/runNames.ts';

/** The folder beside which `.mlp-runs` lies; undefined for a run that is kept elsewhere. */
function homeOf(folder: string): string | undefined {
  const runs = path.resolve(folder, '../..');
  return path.basename(runs) === '.mlp-runs' ? path.dirname(runs) : undefined;
}

/**
 * The model of a run or an experiment: where its record says, or, when the folder around both has been moved or copied, beside the
 * folder of the runs.
 */
export function modelPathNow(folder: string, recorded: string): string {
  const home = homeOf(folder);
  if (home === undefined || path.dirname(recorded) === home || existsSync(recorded)) return recorded;
  const beside = path.join(home, path.basename(recorded));
  return existsSync(beside) ? beside : recorded;
}

/** The same where no record names it: the model whose name the folder of the runs has, or the file that would be called so. */
export function modelByName(folder: string): string | undefined {
  const home = homeOf(folder);
  if (home === undefined) return undefined;
  const name = path.basename(path.dirname(folder));
  const files = readdirSync(home)
    .filter(file => file.endsWith('.mlp.json'))
    .map(file => path.join(home, file));
  return files.find(file => folderNameOf(nameIn(file) ?? '') === name) ?? path.join(home, `${name}.mlp.json`);
}

function nameIn(file: string): string | undefined {
  try {
    return parseModel(readFileSync(file, 'utf8')).draft?.name;
  } catch {
    return undefined;
  }
}
