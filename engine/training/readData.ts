import { loadData, type LoadedData } from '../data/load.ts';
import type { ModelInFile } from '../model/modelInFile.ts';
import type { TrainingEvent } from '../protocol/events.ts';

interface DataReader {
  readonly source: ModelInFile;
  readonly emit: (event: TrainingEvent) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Reads the data to train on, saying how far it has come; rejects as `loadData` does. */
export const readData = ({ source, emit, signal }: DataReader): Promise<LoadedData> =>
  loadData(source, {
    onProgress: (bytesRead, bytesTotal) => emit({ event: 'progress', bytesRead, bytesTotal }),
    signal,
  });
