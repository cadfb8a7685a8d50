import { createBirpc, type BirpcReturn } from 'birpc';
import * as z from 'zod';
import { EngineError, type EngineErrorCode, type SourcePlace } from '../model/errors.ts';

/** Anything that carries messages: a child process, a webview, a test double. */
export interface Port {
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
}

/** For each method, the schema of its arguments. */
export type MethodSchemas<Methods> = { readonly [M in keyof Methods]: z.ZodType };

export interface ChannelOptions<Local, Remote extends object> {
  /** What every argument list that arrives must look like. */
  readonly schemas: MethodSchemas<Local>;
  /** Methods of the other side that are told, not asked. */
  readonly remoteEvents?: (keyof Remote)[];
  /** Hears of each message that was dropped: unknown, malformed or from a closed call. */
  readonly onDropped: (reason: string) => void;
  /** Milliseconds until an unanswered call is rejected. */
  readonly timeout?: number;
}

export type Channel<Remote extends object, Local extends object> = BirpcReturn<Remote, Local>;

const requestSchema = z.object({
  t: z.literal('q'),
  m: z.string(),
  a: z.array(z.unknown()),
  i: z.string().optional(),
  o: z.boolean().optional(),
});
const replySchema = z.object({
  t: z.literal('s'),
  i: z.string(),
  r: z.unknown().optional(),
  e: z.unknown().optional(),
});
const wireErrorSchema = z.object({ code: z.string(), message: z.string(), place: z.unknown().optional() });

/**
 * Connects two sides that each offer methods to the other. A message is checked before anything
 * runs: one that does not fit its schema is reported to `onDropped` and goes no further. Errors
 * arrive as the EngineError they left as.
 */
export function connect<Remote extends object, Local extends object>(
  port: Port,
  local: Local,
  { schemas, remoteEvents = [], onDropped, timeout = 30_000 }: ChannelOptions<Local, Remote>,
): Channel<Remote, Local> {
  return createBirpc<Remote, Local>(local, {
    timeout,
    eventNames: remoteEvents,
    bind: 'functions',
    post: (message: { t: string; e?: unknown }) => {
      port.post(message.t === 's' && message.e !== undefined ? { ...message, e: toWire(message.e) } : message);
    },
    on: receive => {
      port.onMessage(message => {
        const reply = replySchema.safeParse(message);
        if (reply.success) {
          receive(reply.data.e === undefined ? reply.data : { ...reply.data, e: fromWire(reply.data.e) });
          return;
        }
        const request = requestSchema.safeParse(message);
        if (!request.success) {
          onDropped('a message that is neither a call nor an answer');
          return;
        }
        const { m: method, a: args } = request.data;
        if (!Object.hasOwn(schemas, method)) {
          onDropped(`unknown method "${method}"`);
          return;
        }
        const checked = schemas[method as keyof Local].safeParse(args);
        if (!checked.success) {
          onDropped(`"${method}" with wrong arguments: ${checked.error.issues[0]?.message ?? ''}`);
          return;
        }
        receive(request.data);
      });
    },
    onGeneralError: (error, method) => {
      // Without a method it is a call of our own that failed: its caller is the one to hear of it.
      if (method === undefined) return false;
      onDropped(`the answer to "${method}": ${error.message}`);
      return true;
    },
  });
}

const toWire = (thrown: unknown) => {
  const { code, message, place } = EngineError.from(thrown);
  return { code, message, ...(place && { place }) };
};

function fromWire(wire: unknown): EngineError {
  const read = wireErrorSchema.safeParse(wire);
  if (!read.success) return new EngineError('internal', 'The other side failed without saying why.');
  return new EngineError(
    read.data.code as EngineErrorCode,
    read.data.message,
    read.data.place as SourcePlace | undefined,
  );
}
