import type { ModelEdit } from '../../engine/model/edits.ts';
import type { Issue } from '../../engine/model/issues.ts';
import type { Model } from '../../engine/model/schema.ts';
import { generatorWidth } from '../../engine/model/check.ts';
import type { DesignerState, DesignerToHost, RunState } from '../../engine/protocol/views.ts';
import type { Channel } from '../../engine/protocol/channel.ts';
import type { Store } from '../kit/store.ts';
import type { LayerLook } from './layerLook.ts';

/** What the inspector shows. */
export type Selection = { readonly kind: 'layer'; readonly index: number } | { readonly kind: 'data' | 'loss' };

/** What the hand holds: a new layer from the palette, or one of the network. */
export interface Drag {
  /** Index of the layer that moves; undefined for a new one. */
  readonly from: number | undefined;
  readonly layer: LayerLook;
  /** Where the pointer is on the canvas. */
  readonly screenX: number;
  readonly screenY: number;
  /** The gap it would fall into. */
  readonly gap: number | undefined;
}

export interface ViewState {
  readonly host: DesignerState | undefined;
  readonly runState: RunState;
  readonly selection: Selection;
  readonly drag: Drag | undefined;
  /** Read aloud. */
  readonly announcement: string;
}

export type DesignerHost = Channel<DesignerToHost, object>;

/** What every part of the designer needs. */
export interface Designer {
  readonly store: Store<ViewState>;
  readonly edit: (edit: ModelEdit, announcement: string) => void;
  readonly select: (selection: Selection) => void;
  /** Says something that the picture does not show. */
  readonly announce: (text: string) => void;
  readonly host: DesignerHost;
}

/** Inputs of the network: known from the data, or from the generator before they are read. */
export function inputsOf({ model, data }: Pick<DesignerState, 'model' | 'data'>): number {
  const source = model?.data.source;
  if (model && source?.kind === 'generator') return generatorWidth(source.name, model.loss).inputs;
  return data?.inputs ?? 1;
}

/** Whether fields and gestures may change the model. */
export const isEditable = (state: DesignerState | undefined): boolean =>
  state !== undefined && !state.readOnly && !state.stale && state.model !== undefined;

/** The selection, or what took its place when the model has changed. */
export function validSelection(selection: Selection, model: Model | undefined): Selection {
  if (selection.kind !== 'layer' || !model) return selection;
  return { kind: 'layer', index: Math.min(selection.index, model.layers.length - 1) };
}

/** Issues that belong to what is selected. */
export function issuesOf(issues: readonly Issue[], selection: Selection): readonly Issue[] {
  return issues.filter(({ path }) =>
    selection.kind === 'layer' ? path[0] === 'layers' && path[1] === selection.index : path[0] === selection.kind,
  );
}

/** What an issue belongs to; undefined for the file as a whole. */
export function selectionOf({ path: [head, index] }: Issue): Selection | undefined {
  if (head === 'layers' && typeof index === 'number') return { kind: 'layer', index };
  return head === 'data' || head === 'loss' ? { kind: head } : undefined;
}
