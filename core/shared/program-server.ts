import type { z } from 'zod';
import type { ErrorValue } from '../contract/errors/value.ts';
import { toErrorValue } from './errors.ts';
import { gathered } from './gathered.ts';
import { electronParentPort } from './parent-port.ts';

interface ProgramRequest {
  readonly id: number;
  readonly method: string;
  readonly params?: unknown;
}

/** Looked at by hand: a batch has thousands of them. */
function isRequest(message: unknown): message is ProgramRequest {
  if (typeof message !== 'object' || message === null) return false;
  const { id, method } = message as Partial<Record<'id' | 'method', unknown>>;
  return typeof id === 'number' && typeof method === 'string';
}

/** One callable of a helper program: its input schema and what it does. */
export interface ProgramMethod<I, O> {
  readonly input: z.ZodType<I>;
  readonly run: (input: I) => Promise<O> | O;
}

export function programMethod<I, O>(
  input: z.ZodType<I>,
  run: (input: I) => Promise<O> | O,
): ProgramMethod<unknown, unknown> {
  return { input, run: (value) => run(value as I) };
}

/** The parent's side of the channel: Electron's `process.parentPort` or Node's IPC. */
interface ParentChannel {
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
}

/** What goes back to the parent. */
type ProgramReply =
  | { readonly kind: 'result'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly error: ErrorValue }
  | { readonly kind: 'event'; readonly name: string; readonly value: unknown };

/** Finds the channel to the parent in whichever host this program runs. */
function parentChannel(): ParentChannel {
  const port = electronParentPort();
  if (port) {
    return {
      post: (message) => port.postMessage(message),
      onMessage: (listener) => port.on('message', (event) => listener(event.data)),
    };
  }
  return {
    post: (message) => process.send?.(message as object),
    onMessage: (listener) => process.on('message', listener),
  };
}

/** Serves a helper program's methods to its parent and ends when the parent is gone. Returns `emit` for events. */
export function serveProgram(
  methods: Readonly<Record<string, ProgramMethod<unknown, unknown>>>,
): (name: string, value: unknown) => void {
  const channel = parentChannel();
  const post = gathered<ProgramReply>(
    (message) => channel.post(message),
    (message, thrown) => {
      // The call that it answers fails; the program and its other calls go on.
      if (message.kind === 'result')
        channel.post({ kind: 'error', id: message.id, error: toErrorValue(thrown) });
    },
  );
  process.on('disconnect', () => process.exit(0));
  const serve = async (request: ProgramRequest): Promise<void> => {
    try {
      const method = methods[request.method];
      if (!method) throw new Error(`no method ${request.method}`);
      const value = await method.run(method.input.parse(request.params));
      post({ kind: 'result', id: request.id, value });
    } catch (thrown) {
      post({ kind: 'error', id: request.id, error: toErrorValue(thrown) });
    }
  };
  channel.onMessage((message) => {
    // The port also carries answers to questions of our own (`proxy-question.ts`).
    for (const request of Array.isArray(message) ? message : [message])
      if (isRequest(request)) void serve(request);
  });
  return (name, value) => post({ kind: 'event', name, value });
}
