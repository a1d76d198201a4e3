import { GptletError, type GptletErrorCode } from '../errors/gptlet-error.ts';

/** An error as OpenAI's interface tells it: `{ error: { message, type, param, code } }` under an HTTP status. */
export class ApiError extends Error {
  /** From 400 to 599. */
  readonly status: number;
  /** The parameter of the request that is wrong, with the way into it. */
  readonly param: string | null;
  readonly code: string | null;
  /** Of the response. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    message: string,
    param: string | null = null,
    code: string | null = null,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.status = status;
    this.param = param;
    this.code = code;
    this.headers = headers;
  }
}

/** What is wrong with a parameter. */
export const badRequest = (message: string, param: string | null = null, code = 'invalid_value'): ApiError =>
  new ApiError(400, message, param, code);

/** What the wrong request explains; all other codes say that the model cannot answer now. */
const whoAskedIsWrong: readonly GptletErrorCode[] = [
  'INVALID_OPTION',
  'CONTEXT_OVERFLOW',
  'BAD_TOKENIZER',
  'UNSUPPORTED_MODEL',
  // A template that fails: most refuse the order of the messages.
  'BAD_CHECKPOINT',
];

/** Whatever was thrown, as an error of this interface. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (!GptletError.isInstance(error)) return new ApiError(500, message);
  if (error.code === 'CONTEXT_OVERFLOW') return badRequest(message, null, 'context_length_exceeded');
  if (whoAskedIsWrong.includes(error.code)) return badRequest(message);
  return new ApiError(503, message, null, error.code.toLowerCase());
}

/** The body that tells an error, of a response as of an event within a stream. */
export function errorBody({ status, message, param, code }: ApiError): object {
  return { error: { message, type: status < 500 ? 'invalid_request_error' : 'server_error', param, code } };
}
