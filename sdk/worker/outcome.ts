import { GptletError, type GptletErrorCode } from '../errors/gptlet-error.ts';

/** An error in a form that survives structured cloning with its code and its causes. */
export interface EncodedError {
  readonly name: string;
  readonly message: string;
  readonly code?: GptletErrorCode;
  readonly cause?: EncodedError;
}

/** What a call over the worker boundary comes back with: errors travel as values, so that they arrive whole. */
export type Outcome<T> = { readonly value: T } | { readonly error: EncodedError };

/** Runs a task and packs what it returned or threw. */
export async function toOutcome<T>(task: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { value: await task() };
  } catch (error) {
    return { error: encodeError(error) };
  }
}

/** The value, or the error thrown again on this side. */
export function fromOutcome<T>(outcome: Outcome<T>): T {
  if ('error' in outcome) throw decodeError(outcome.error);
  return outcome.value;
}

export function encodeError(error: unknown, depth = 0): EncodedError {
  if (!(error instanceof Error || error instanceof DOMException)) return { name: 'Error', message: String(error) };
  const cause = (error as Error).cause;
  return {
    name: error.name,
    message: error.message,
    ...(GptletError.isInstance(error) ? { code: error.code } : {}),
    // A chain of causes may be a ring.
    ...(cause === undefined || depth > 4 ? {} : { cause: encodeError(cause, depth + 1) }),
  };
}

export function decodeError({ name, message, code, cause }: EncodedError): Error {
  const options = cause ? { cause: decodeError(cause) } : undefined;
  if (code) return new GptletError(code, message, options);
  if (name === 'AbortError') return new DOMException(message, name);
  return Object.assign(new Error(message, options), { name });
}
