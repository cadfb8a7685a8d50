import type { Operations } from '../backends/backend.ts';
import type { Tensor } from '../export/safetensors.ts';
import { EngineError } from '../model/errors.ts';
import type { Model } from '../model/schema.ts';
import { tensorName, type Parameter } from '../network/parameter.ts';
import type { OptimizerType } from '../model/optimizerFields.ts';
import { updateRules } from '../optimizers/table.ts';
import type { Slots, UpdateRule } from '../optimizers/updateRule.ts';

/** What the optimizer remembers of every parameter. */
export type SlotsOf = ReadonlyMap<Parameter, Slots>;

/** Slots as they are before the first step. */
export function createSlots(
  operations: Operations,
  parameters: readonly Parameter[],
  optimizer: Model['optimizer'],
): SlotsOf {
  const rule: UpdateRule<OptimizerType, string> = updateRules[optimizer.type];
  const initial = Object.entries(rule.initialSlots(optimizer));
  const slotsOf = ({ value: { rows, columns } }: Parameter): Slots =>
    Object.fromEntries(initial.map(([name, start]) => [name, operations.allocate(rows, columns).values.fill(start)]));
  return new Map(parameters.map(parameter => [parameter, slotsOf(parameter)]));
}

/** Every slot under the name of its tensor. */
export const namedSlots = (slots: SlotsOf) =>
  [...slots].flatMap(([parameter, named]) =>
    Object.entries(named).map(([slot, values]) => ({ name: `${tensorName(parameter)}.${slot}`, values })),
  );

/** Copies of all slots, as `{layerId}.{kind}.{slot}`. */
export const slotTensors = (slots: SlotsOf): [string, Tensor][] =>
  namedSlots(slots).map(({ name, values }) => [name, { shape: [values.length], values: values.slice() }]);

/** What sets every slot from saved tensors. Throws `invalid-weights`, placed in `file`, before anything is changed. */
export function slotSetter(slots: SlotsOf, tensors: ReadonlyMap<string, Tensor>, file: string): () => void {
  const saved = namedSlots(slots).map(({ name, values }) => ({ name, values, saved: tensors.get(name)?.values }));
  for (const { name, values, saved: other } of saved) {
    const owner = !other ? 'optimizer' : other.length !== values.length ? 'model' : undefined;
    if (owner)
      throw new EngineError('invalid-weights', `"${name}" does not fit. The file belongs to another ${owner}.`, {
        file,
      });
  }
  return () => {
    for (const { values, saved: other } of saved) values.set(other ?? []);
  };
}
