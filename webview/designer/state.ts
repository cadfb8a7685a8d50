import { generatorWidth } from '../../engine/model/check.ts';
import type { ModelEdit } from '../../engine/model/edits.ts';
import { featuresOf } from '../../engine/model/dataSource.ts';
import { withUnits, type LayerPath } from '../../engine/model/layerPaths.ts';
import type { Model } from '../../engine/model/schema.ts';
import { layerShapes } from '../../engine/model/shapes.ts';
import type { Channel } from '../../engine/protocol/channel.ts';
import type { NetworkSample } from '../../engine/protocol/networkSample.ts';
import type {
  DesignerState,
  DesignerToHost,
  RunProgress,
  RunState,
  SampleOrigin,
} from '../../engine/protocol/views.ts';
import { t } from '../kit/language.ts';
import type { Store } from '../kit/store.ts';
import type { Drawing, Gap } from './geometry.ts';
import type { LayerLook } from './layerLook.ts';
import type { Viewport } from './viewport.ts';

/** What the inspector shows: layers, the last of them being the one that arrows start from, or a card. */
export type Selection =
  { readonly kind: 'layers'; readonly paths: readonly LayerPath[] } | { readonly kind: 'data' | 'loss' };

/** What the hand holds: a new layer from the palette, or some of the network. */
export interface Drag {
  /** The layers that move; empty for a new one. */
  readonly moving: readonly LayerPath[];
  readonly layer: LayerLook;
  /** Where the pointer is in the window. */
  readonly screenX: number;
  readonly screenY: number;
  /** The gap it would fall into. */
  readonly gap: Gap | undefined;
  /** Why it cannot fall there. */
  readonly refusal: string | undefined;
}

/** A layer whose lower edge is being dragged. */
export interface Resize {
  readonly path: LayerPath;
  readonly units: number;
}

export interface ViewState {
  readonly host: DesignerState | undefined;
  readonly runState: RunState;
  readonly progress: RunProgress | undefined;
  /** The last training can go on. */
  readonly resumable: boolean;
  /** The weights that the last training has left are kept. */
  readonly kept: boolean;
  readonly selection: Selection;
  /** Sections of the inspector that the user has opened or folded, by their titles. */
  readonly folds: Readonly<Record<string, boolean>>;
  readonly drag: Drag | undefined;
  readonly resize: Resize | undefined;
  /** Undefined while the picture fits itself into the window. */
  readonly viewport: Viewport | undefined;
  /** Read aloud. */
  readonly announcement: string;
}

/** What the network holds; apart from the rest, because it changes ten times a second. */
export interface LiveState {
  readonly sample: NetworkSample | undefined;
  readonly origin: SampleOrigin;
}

/** A file that can be drawn, or could be when it was last read. */
export type DrawableState = DesignerState & { readonly model: Model };

export type DesignerHost = Channel<DesignerToHost, object>;

/** What every part of the designer needs. */
export interface Designer {
  readonly store: Store<ViewState>;
  readonly live: Store<LiveState>;
  readonly host: DesignerHost;
  /** Asks for a change. `selecting` names the layers to select when it has been made. */
  readonly edit: (edit: ModelEdit, announcement: string, selecting?: readonly string[]) => void;
  readonly select: (selection: Selection) => void;
  /** Says something that the picture does not show. */
  readonly announce: (text: string) => void;
}

/** Inputs of the network: known from the data, or from the generator before they are read. */
export function inputsOf({ model, data }: Pick<DesignerState, 'model' | 'data'>): number {
  const source = model?.data.source;
  if (model && source?.kind === 'generator') return generatorWidth(source, model.loss).inputs;
  return data?.inputs ?? 1;
}

/** What they are called, as far as it is known. */
export function inputNamesOf({ model, data }: Pick<DesignerState, 'model' | 'data'>): readonly string[] {
  const source = model?.data.source;
  return source?.kind === 'generator' ? featuresOf(source) : (data?.features ?? []);
}

/** The network as it is drawn, a dragged edge included. */
export function drawingOf(host: DrawableState, resize?: Resize): Drawing {
  const inputs = inputsOf(host);
  const layers = resize ? withUnits(host.model.layers, resize.path, resize.units) : host.model.layers;
  return { layers, shapes: layerShapes(layers, inputs), inputs };
}

/** Whether the file may be changed here. */
export const isWritable = (state: DesignerState | undefined): boolean =>
  state !== undefined && !state.readOnly && !state.stale && state.model !== undefined;

/** Why layers, data and loss cannot be changed now; undefined when they can. */
export function lockReason({ host, runState }: Pick<ViewState, 'host' | 'runState'>): string | undefined {
  if (host?.readOnly) return t('This file is read-only.');
  if (!isWritable(host)) return t('The file cannot be read as it is. Correct its text first.');
  return runState === 'idle' ? undefined : t('A training runs. Stop it to change the network.');
}

export const isEditable = (state: Pick<ViewState, 'host' | 'runState'>): boolean => lockReason(state) === undefined;
