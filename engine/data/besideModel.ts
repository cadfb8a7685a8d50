import path from 'node:path';
import type { ModelInFile } from '../model/modelInFile.ts';

/** Paths in a model are relative to the folder of its file. */
export const besideModel = ({ file }: ModelInFile, relative: string): string =>
  path.resolve(path.dirname(file), relative);
