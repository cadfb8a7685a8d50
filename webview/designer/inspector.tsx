import { generatorInfo, sourceKinds } from '../../engine/model/dataFields.ts';
import { sourceFiles } from '../../engine/model/dataSource.ts';
import { layerInfo } from '../../engine/model/layerFields.ts';
import type { Model } from '../../engine/model/schema.ts';
import { layerShapes } from '../../engine/model/shapes.ts';
import { IconButton } from '../kit/button.tsx';
import { countText } from '../kit/numberText.ts';
import { lossInfo } from './cards.tsx';
import { DataSection } from './dataSection.tsx';
import { removeLayer } from './layerEdits.ts';
import { LayerSection } from './layerSection.tsx';
import { LossSection } from './lossSection.tsx';
import { OptimizerSection } from './optimizerSection.tsx';
import { Problem } from './problems.tsx';
import type { SectionProps } from './section.tsx';
import {
  inputsOf,
  isEditable,
  issuesOf,
  validSelection,
  type Designer,
  type Selection,
  type ViewState,
} from './state.ts';
import { TrainingSection } from './trainingSection.tsx';

/** The fields of the selection, and those of the training, which are always at hand. */
export function Inspector({ designer, state }: { readonly designer: Designer; readonly state: ViewState }) {
  const { host } = state;
  const model = host?.model;
  if (!model) return <aside class="inspector" aria-label="Inspector" />;
  const selection = validSelection(state.selection, model);
  const disabled = !isEditable(host);
  const section = (initiallyOpen: boolean): SectionProps => ({ designer, model, disabled, initiallyOpen });
  const { kind } = selection;
  return (
    <aside class="inspector" aria-label="Inspector">
      <Header designer={designer} model={model} selection={selection} inputs={inputsOf(host)} disabled={disabled} />
      {issuesOf(host.issues, selection).map((issue, i) => (
        <Problem key={i} designer={designer} issue={issue} />
      ))}
      <div class="sections" key={kind === 'layer' ? `layer-${selection.index}` : kind}>
        {kind === 'layer' && <LayerSection {...section(true)} index={selection.index} />}
        {kind === 'data' && <DataSection {...section(true)} data={host.data} />}
        <LossSection {...section(kind === 'loss')} />
        <OptimizerSection {...section(true)} />
        <TrainingSection {...section(kind === 'loss')} />
        {kind !== 'data' && <DataSection {...section(false)} data={host.data} />}
      </div>
    </aside>
  );
}

interface HeaderProps {
  readonly designer: Designer;
  readonly model: Model;
  readonly selection: Selection;
  readonly inputs: number;
  readonly disabled: boolean;
}

function Header({ designer, model, selection, inputs, disabled }: HeaderProps) {
  if (selection.kind !== 'layer') {
    const { source } = model.data;
    const [title, detail] =
      selection.kind === 'loss'
        ? [lossInfo[model.loss].title, lossInfo[model.loss].use]
        : source.kind === 'generator'
          ? [generatorInfo[source.name].title, generatorInfo[source.name].description]
          : [
              sourceKinds[source.kind].title,
              sourceFiles(source)
                .map(({ path }) => path)
                .join(', '),
            ];
    return (
      <header>
        <div class="title">{title}</div>
        <div class="muted">{detail}</div>
      </header>
    );
  }
  const { index } = selection;
  const layer = model.layers[index];
  const shape = layerShapes(model.layers, inputs)[index];
  if (!layer || !shape) return <header />;
  return (
    <header>
      <div class="title">
        {layer.id}
        <span class="grow" />
        <IconButton
          icon="trash"
          label="Remove this layer (Delete)"
          disabled={disabled || model.layers.length === 1}
          onPress={() => removeLayer(designer, model.layers, index)}
          testId="remove-layer"
        />
      </div>
      <div class="muted">
        {layerInfo[layer.type].title} · {countText(shape.inputs)} → {countText(shape.outputs)} ·{' '}
        {countText(shape.parameters)} parameters
      </div>
    </header>
  );
}
