import { generatorInfo, sourceKinds } from '../../engine/model/dataFields.ts';
import { sourceFiles } from '../../engine/model/dataSource.ts';
import { layerInfo } from '../../engine/model/layerFields.ts';
import { jsonPathOf, layerAt, type LayerPath } from '../../engine/model/layerPaths.ts';
import type { Issue } from '../../engine/model/issues.ts';
import type { Model } from '../../engine/model/schema.ts';
import { layerShapes, type LayerShape } from '../../engine/model/shapes.ts';
import { IconButton } from '../kit/button.tsx';
import { t, tableText } from '../kit/language.ts';
import { bytesText, countText } from '../kit/numberText.ts';
import { lossInfo } from './cards.tsx';
import { DataSection } from './dataSection.tsx';
import { HiddenSection } from './hiddenSection.tsx';
import { removeLayers } from './layerEdits.ts';
import { LayerSection, rowsOf } from './layerSection.tsx';
import { LossSection } from './lossSection.tsx';
import { OptimizerSection } from './optimizerSection.tsx';
import { Problem } from './problems.tsx';
import type { SectionProps } from './section.tsx';
import { issuesOf, namedLayers, nameOf, pathKey, selectedPaths } from './selection.ts';
import { inputsOf, isWritable, lockReason, type Designer, type ViewState } from './state.ts';
import { bytesPerParameter } from './toolbar.tsx';
import { TrainingSection } from './trainingSection.tsx';
import { ValuesSection } from './valuesSection.tsx';

/** The fields of the selection, and those of the training, which are always at hand. */
export function Inspector({ designer, state }: { readonly designer: Designer; readonly state: ViewState }) {
  const { host, selection } = state;
  const model = host?.model;
  if (!model) return <aside class="inspector" aria-label={t('Inspector')} />;
  const locked = lockReason(state);
  const structure = { designer, model, disabled: locked !== undefined };
  const training = { designer, model, disabled: !isWritable(host) };
  const { kind } = selection;
  const paths = selectedPaths(selection).filter(path => layerAt(model.layers, path));
  const [first] = paths;
  const section = (common: Omit<SectionProps, 'initiallyOpen'>, initiallyOpen: boolean) => ({
    ...common,
    initiallyOpen,
  });
  return (
    <aside class="inspector" aria-label={t('Inspector')} title={host.readOnly ? undefined : locked}>
      <Header designer={designer} state={state} model={model} paths={paths} />
      {withoutRows(issuesOf(host.issues, selection), model).map((issue, i) => (
        <Problem key={i} designer={designer} issue={issue} />
      ))}
      <div class="sections" key={kind === 'layers' ? paths.map(pathKey).join(' ') : kind}>
        {first && <LayerSection {...section(structure, true)} paths={paths} />}
        {first && paths.length === 1 && <ValuesSection designer={designer} name={nameOf(model.layers, first)} />}
        {kind === 'data' && <DataSection {...section(structure, true)} host={host} />}
        <LossSection {...section(structure, kind === 'loss')} />
        <OptimizerSection {...section(training, true)} />
        <HiddenSection {...section(structure, true)} />
        <TrainingSection {...section(training, true)} />
        {kind !== 'data' && <DataSection {...section(structure, true)} host={host} />}
      </div>
    </aside>
  );
}

/** Issues that no row of the layer's fields shows. */
const withoutRows = (issues: readonly Issue[], model: Model): readonly Issue[] =>
  issues.filter(({ path }) => {
    const layer = namedLayers(model.layers).find(other => {
      const own = jsonPathOf(other.path);
      return own.length === path.length - 1 && own.every((part, i) => part === path[i]);
    })?.layer;
    return !layer || !rowsOf(layer.type).includes(String(path.at(-1)));
  });

interface HeaderProps {
  readonly designer: Designer;
  readonly state: ViewState;
  readonly model: Model;
  readonly paths: readonly LayerPath[];
}

function Header({ designer, state, model, paths }: HeaderProps) {
  const [path] = paths;
  const layer = path && layerAt(model.layers, path);
  if (!path || !layer) return <CardHeader model={model} isLoss={state.selection.kind === 'loss'} />;
  const shape = shapeAt(layerShapes(model.layers, state.host ? inputsOf(state.host) : 1), path);
  const locked = lockReason(state);
  const isWhole = paths.filter(({ length }) => length === 1).length === model.layers.length;
  return (
    <header>
      <div class="title">
        {paths.length > 1 ? t('{0} layers', paths.length) : layer.id}
        <span class="grow" />
        <IconButton
          icon="trash"
          label={locked ?? (paths.length > 1 ? t('Remove these layers (Delete)') : t('Remove this layer (Delete)'))}
          disabled={locked !== undefined || isWhole}
          onPress={() => removeLayers(designer, paths)}
          testId="remove-layer"
        />
      </div>
      <div class="muted">
        {paths.length > 1
          ? paths.map(other => nameOf(model.layers, other)).join(', ')
          : shape &&
            `${tableText(layerInfo[layer.type].title)} · ${countText(shape.inputs)} → ${countText(shape.outputs)} · ` +
              t('{0} parameters · {1}', countText(shape.parameters), bytesText(shape.parameters * bytesPerParameter))}
      </div>
    </header>
  );
}

const shapeAt = (shapes: readonly LayerShape[], [index, ...rest]: LayerPath): LayerShape | undefined => {
  const shape = shapes[index ?? -1];
  return rest.length > 0 && shape ? shapeAt(shape.inner, rest) : shape;
};

function CardHeader({ model, isLoss }: { readonly model: Model; readonly isLoss: boolean }) {
  const { source } = model.data;
  const { title, use } = lossInfo[model.loss];
  const [name, detail] = isLoss
    ? [title, use]
    : source.kind === 'generator'
      ? [tableText(generatorInfo[source.name].title), tableText(generatorInfo[source.name].description)]
      : [
          tableText(sourceKinds[source.kind].title),
          sourceFiles(source)
            .map(({ path }) => path)
            .join(', '),
        ];
  return (
    <header>
      <div class="title">{name}</div>
      <div class="muted">{detail}</div>
    </header>
  );
}
