import type { Port } from '../../engine/protocol/channel.ts';

/** Numbers that a view receives as they were; everything else in a message becomes JSON on the way. */
const parcel = 'typed array';

/** A message as it arrives on the other side of a view: NaN is null there, and what is undefined is absent. */
function delivered(message: unknown): unknown {
  const arrays: unknown[] = [];
  const text = JSON.stringify(message, (_, value: unknown) =>
    ArrayBuffer.isView(value) ? { [parcel]: arrays.push(structuredClone(value)) - 1 } : value,
  );
  return JSON.parse(text, (_, value: unknown) =>
    typeof value === 'object' && value !== null && parcel in value ? arrays[Number(value[parcel])] : value,
  );
}

/** Two ends of a way through a view. Nothing arrives any more once it is cut. */
export function jsonPorts(): { readonly ends: readonly [Port, Port]; readonly cut: () => void } {
  let isCut = false;
  const listeners: [((message: unknown) => void)[], ((message: unknown) => void)[]] = [[], []];
  const end = (own: 0 | 1): Port => ({
    post: message => {
      const arriving = delivered(message);
      queueMicrotask(() => {
        if (!isCut) for (const listener of listeners[own === 0 ? 1 : 0]) listener(arriving);
      });
    },
    onMessage: listener => void listeners[own].push(listener),
  });
  return {
    ends: [end(0), end(1)],
    cut: () => {
      isCut = true;
    },
  };
}
