/** Every code that a {@link GptletError} can carry: a closed union. */
export type GptletErrorCode =
  | 'MODEL_NOT_FOUND'
  | 'NETWORK'
  | 'INTEGRITY'
  | 'BAD_CHECKPOINT'
  | 'BAD_TOKENIZER'
  | 'UNSUPPORTED_MODEL'
  | 'UNSUPPORTED_PLATFORM'
  | 'INVALID_OPTION'
  | 'CONTEXT_OVERFLOW'
  | 'OUT_OF_MEMORY'
  | 'DEVICE_LOST'
  | 'WORKER_FAILED'
  | 'DISPOSED'
  | 'STORAGE_FULL';

// A registered symbol, so that an error from a second copy of the package is recognised too.
const marker: symbol = Symbol.for('gptlet.error');

/**
 * An error thrown on purpose. The message says what was wrong, with the actual value, and what to do.
 *
 * @example
 * try { await loadModel('openai-community/gpt2'); }
 * catch (error) { if (GptletError.isInstance(error) && error.code === 'NETWORK') retryLater(); }
 */
export class GptletError extends Error {
  /** What kind of failure this is. */
  readonly code: GptletErrorCode;

  constructor(code: GptletErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'GptletError';
    this.code = code;
    Object.defineProperty(this, marker, { value: true });
  }

  /** True for a `GptletError`, also one that another copy of the package made. */
  static isInstance(value: unknown): value is GptletError {
    return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[marker] === true;
  }
}
