import { generatorInfo, sourceKinds } from './dataFields.ts';
import { coordinates, type FeatureName } from './planeFeatures.ts';
import type { Model } from './schema.ts';

export type DataSource = Model['data']['source'];
export type BuiltInSource = Extract<DataSource, { kind: 'generator' }>;

/** A field of a source that names a file, and the path it holds. */
export interface SourceFile {
  readonly field: string;
  readonly label: string;
  readonly path: string;
}

/** The files that a source reads, in the order of their fields. */
export function sourceFiles(source: DataSource): SourceFile[] {
  const values = new Map<string, unknown>(Object.entries(source));
  return Object.entries(sourceKinds[source.kind].files).map(([field, label]) => ({
    field,
    label,
    path: String(values.get(field)),
  }));
}

/** Whether the data of a model are more than its text: built-in ones are drawn of nothing else. */
export const readsFiles = ({ data: { source, split } }: Pick<Model, 'data'>): boolean =>
  sourceFiles(source).length > 0 || 'file' in split;

/** What a source is called in a picture: a data set, or the name of its first file. */
export function sourceTitle(source: DataSource): string {
  if (source.kind === 'generator') return generatorInfo[source.name].title;
  return sourceFiles(source)[0]?.path.replace(/^.*[\\/]/, '') ?? '';
}

/** What a network is given of a built-in data set. Those that lie in no plane have no features to choose from. */
export function featuresOf({ name, features }: Pick<BuiltInSource, 'name' | 'features'>): readonly FeatureName[] {
  const { features: width } = generatorInfo[name];
  return width === coordinates.length && features ? features : coordinates.slice(0, width);
}
