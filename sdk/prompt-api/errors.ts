import { GptletError, type GptletErrorCode } from '../errors/gptlet-error.ts';

/** The names that the specification has for what can go wrong. */
const names: { readonly [Code in GptletErrorCode]?: string } = {
  MODEL_NOT_FOUND: 'NetworkError',
  NETWORK: 'NetworkError',
  INTEGRITY: 'NetworkError',
  BAD_TOKENIZER: 'NotSupportedError',
  INVALID_OPTION: 'NotSupportedError',
  UNSUPPORTED_MODEL: 'NotSupportedError',
  UNSUPPORTED_PLATFORM: 'NotSupportedError',
  CONTEXT_OVERFLOW: 'QuotaExceededError',
  DISPOSED: 'InvalidStateError',
};

/**
 * An error of gptlet as a DOMException; what is none stays as it is: reasons of aborts, TypeErrors, what a page's own code threw.
 *
 * @param otherwise the name of what the specification does not tell apart
 */
export function toDomException(error: unknown, otherwise: 'UnknownError' | 'OperationError'): unknown {
  if (!GptletError.isInstance(error)) return error;
  const name = names[error.code] ?? otherwise;
  return name === 'QuotaExceededError' ? quotaExceeded(error.message) : new DOMException(error.message, name);
}

/** As of Web IDL's QuotaExceededError: https://webidl.spec.whatwg.org/#quotaexceedederror */
interface QuotaExceeded {
  /** Tokens that there is room for. */
  readonly quota: number;
  /** Tokens that it would take. */
  readonly requested: number;
}

/** A QuotaExceededError of the browser's own, or of the same form where there is none yet. */
export function quotaExceeded(message: string, numbers?: QuotaExceeded): DOMException {
  const { QuotaExceededError: Own } = globalThis as {
    QuotaExceededError?: new (message: string, numbers?: QuotaExceeded) => DOMException;
  };
  if (Own) return new Own(message, numbers);
  const { quota = null, requested = null } = numbers ?? {};
  return Object.defineProperties(new DOMException(message, 'QuotaExceededError'), {
    quota: { value: quota },
    requested: { value: requested },
  });
}
