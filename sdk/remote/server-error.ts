import { GptletError } from '../errors/gptlet-error.ts';
import type { Server } from './connect-options.ts';

/** What a server said of an error. */
interface Said {
  readonly message: string;
  /** A name, or the status once more. */
  readonly code: unknown;
}

/**
 * Servers' words for a prompt that is too long: OpenAI's code `context_length_exceeded`; "maximum context length" of vLLM and SGLang;
 * "the model's context length" of SGLang; `exceed_context_size_error` and "the available context size" of llama.cpp; "`inputs` must
 * have less than", "`inputs` tokens + `max_new_tokens` must be" of TGI (its router/src/validation.rs).
 */
const overflow = /context[ _](?:length|size|window)|`inputs` (?:must have less|tokens \+)/i;
/** vLLM: "The model `x` does not exist."; OpenAI's code `model_not_found`; Ollama: "model 'x' not found". */
const noModel = /model_not_found|\bmodel\b.*(?:not exist|not found)/is;

/** What a status of a server that will say the same again is to the user. */
export function refusal(server: Server, url: URL, status: number, body: string): GptletError {
  const { message, code } = said(body);
  const words = quoted(server, body);
  const answered = `${url.origin} answered ${status}${words}`;
  if (status === 401 || status === 403)
    return new GptletError('NETWORK', `${answered}. Check what opens the server: apiKey or headers of connect().`);
  if ((status === 404 || status === 400) && noModel.test(`${message} ${code}`))
    return new GptletError(
      'MODEL_NOT_FOUND',
      `There is no model '${server.model}' on ${url.origin}${words}. Its list is at ${server.address('models').href}.`,
    );
  if (status === 404 || status === 405)
    return new GptletError(
      'NETWORK',
      `There is no ${url.href} (HTTP status ${status}${words}). Check baseURL of connect().`,
    );
  if (status === 413 || (status < 500 && overflow.test(`${message} ${code}`)))
    return new GptletError('CONTEXT_OVERFLOW', `${answered}. Send less, or ask for less with maxNewTokens.`);
  if (status === 400 || status === 422)
    return new GptletError('INVALID_OPTION', `${answered}. Leave out what this server does not take.`);
  return new GptletError('NETWORK', `${answered}.`);
}

/** The error that an event of a stream is, where it is one; the status is in it at most. */
export function errorEvent(server: Server, url: URL, event: unknown): GptletError | undefined {
  const error = (event as { error?: unknown; object?: unknown } | null)?.error;
  if (error == null && (event as { object?: unknown } | null)?.object !== 'error') return undefined;
  const text = JSON.stringify(event);
  const status = Number(said(text).code);
  if (status >= 400 && status < 500) return refusal(server, url, status, text);
  return new GptletError('NETWORK', `${url.origin} broke its answer off${quoted(server, text)}. Ask again.`);
}

/** What a server said of an error, as the end of a sentence of ours; '' where it said nothing that can be shown. */
export function quoted(server: Server, body: string): string {
  const message = server.quote(said(body).message);
  return message && `: "${message}"`;
}

/** The message of an error, also where its body is another's: a gateway's text, or a page, of which nothing is shown. */
function said(body: string): Said {
  return saidIn(parse(body)) ?? { message: body.startsWith('<') ? '' : body, code: undefined };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** The message of an error in one of the forms that there are. */
function saidIn(body: unknown): Said | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const { error, message, code, type, detail } = body as Record<string, unknown>;
  // OpenAI, vLLM, llama.cpp.
  if (typeof error === 'object' && error !== null) return saidIn(error) ?? { message: JSON.stringify(error), code };
  // TGI.
  if (typeof error === 'string') return { message: error, code };
  // Inside `error`; older vLLM and SGLang have it outside.
  if (typeof message === 'string') return { message, code: code ?? type };
  // FastAPI, before the request reaches the model.
  if (detail !== undefined) return { message: typeof detail === 'string' ? detail : JSON.stringify(detail), code };
  return undefined;
}
