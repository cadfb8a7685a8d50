import { checkWidths } from './check.ts';
import { generatorInfo } from './dataFields.ts';
import { featuresOf } from './dataSource.ts';
import type { ModelEdit, SingleEdit } from './edits.ts';
import { pathText, type Finding } from './issues.ts';
import { withUnits } from './layerPaths.ts';
import { coordinates, featureNames, type FeatureName } from './planeFeatures.ts';
import type { Layer, Model } from './schema.ts';

const path = ['data', 'source', 'features'];

/**
 * Gives the network one more feature of the plane, or one less, in the order of their table; residual blocks that stand
 * right behind the inputs get their width. Undefined where the data lie in no plane, and for the last feature.
 */
export function toggleFeature(model: Model, name: FeatureName): ModelEdit | undefined {
  const { source } = model.data;
  if (source.kind !== 'generator' || generatorInfo[source.name].features !== coordinates.length) return undefined;
  const before = featuresOf(source);
  const after = featureNames.filter(other => before.includes(other) !== (other === name));
  if (after.length === 0) return undefined;
  const isDefault = after.length === coordinates.length && coordinates.every(other => after.includes(other));
  const features: SingleEdit = isDefault
    ? { kind: 'removeValue', path }
    : { kind: 'setValue', path, value: [...after] };
  const widths = widthEdits(model, before.length, after.length);
  return widths.length > 0 ? { kind: 'several', edits: [features, ...widths] } : features;
}

/** The units that inner layers need since there are other inputs; what did not fit before stays as it is. */
function widthEdits(model: Model, before: number, after: number): SingleEdit[] {
  const known = new Set(misfits(model, model.layers, before).map(finding => pathText(finding.path)));
  const edits: SingleEdit[] = [];
  let { layers } = model;
  // One that is mended may unsettle the next, never one before it.
  for (;;) {
    const fix = misfits(model, layers, after).find(finding => !known.has(pathText(finding.path)))?.fix;
    if (typeof fix?.value !== 'number') return edits;
    edits.push({ kind: 'setValue', path: [...fix.path], value: fix.value });
    layers = withUnits(
      layers,
      fix.path.filter(part => typeof part === 'number'),
      fix.value,
    );
  }
}

/** Residual blocks whose inner paths do not fit what comes in. */
function misfits(model: Model, layers: Layer[], inputs: number): Finding[] {
  const last = layers.at(-1);
  return checkWidths({ ...model, layers }, { inputs, outputs: last?.type === 'dense' ? last.units : 0 });
}
