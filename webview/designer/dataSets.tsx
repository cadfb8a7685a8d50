import { generatorInfo, generatorNames, type GeneratorName } from '../../engine/model/dataFields.ts';
import { fitToGenerator } from '../../engine/model/fitData.ts';
import { t, tableText } from '../kit/language.ts';
import { sketchOf, sketchSize } from './dataSketch.ts';
import { isEditable, lockReason, type Designer, type ViewState } from './state.ts';

interface DataSetsProps {
  readonly designer: Designer;
  readonly state: Pick<ViewState, 'host' | 'runState'>;
  /** With its name under each. */
  readonly named?: boolean;
}

const sketches = new Map(generatorNames.map(name => [name, sketchOf(name)]));

/** The built-in data sets as pictures; one press takes one, and the loss and the last layer with it where they must change. */
export function DataSets({ designer, state, named = false }: DataSetsProps) {
  const source = state.host?.model?.data.source;
  const current = source?.kind === 'generator' ? source.name : undefined;
  return (
    <div class={`data-sets${named ? ' named' : ''}`} role="group" aria-label={t('Built-in data sets')}>
      {generatorNames.map(name => (
        <button
          key={name}
          type="button"
          class={`data-set${name === current ? ' on' : ''}`}
          aria-pressed={name === current}
          aria-label={tableText(generatorInfo[name].title)}
          title={
            lockReason(state) ??
            `${tableText(generatorInfo[name].title)}. ${tableText(generatorInfo[name].description)}`
          }
          disabled={!isEditable(state)}
          onClick={() => takeDataSet(designer, name)}
          data-testid={`${named ? 'inspector-' : ''}data-set-${name}`}
        >
          <svg viewBox={`0 0 ${sketchSize} ${sketchSize}`} aria-hidden="true">
            {sketches.get(name)?.map(({ color, path }) => (
              <path key={color} d={path} fill={`var(${color})`} />
            ))}
          </svg>
          {named && <span>{tableText(generatorInfo[name].title)}</span>}
        </button>
      ))}
    </div>
  );
}

export function takeDataSet(designer: Designer, name: GeneratorName): void {
  const { model } = designer.store.state.host ?? {};
  if (!model || (model.data.source.kind === 'generator' && model.data.source.name === name)) return;
  designer.edit(fitToGenerator(model, name), t('Data: {0}.', tableText(generatorInfo[name].title)));
}
