import { resolveOptions } from '../options/check-options.ts';
import { openAIHandlerOptions } from '../options/table.ts';
import { ApiError, errorBody, toApiError } from './api-error.ts';
import { chatCompletions } from './chat-completions.ts';
import { completions } from './completions.ts';
import { embeddings } from './embeddings.ts';
import type { Endpoint } from './endpoint.ts';
import { jsonResponse } from './json-response.ts';
import { readBody } from './read-body.ts';
import { type ServedModel, ServedModels } from './served-models.ts';

/** What a handler is made of. */
export interface OpenAIHandlerOptions {
  /** By the names under which requests ask for them. A function is called with the first request for its model. */
  readonly models: Readonly<Record<string, ServedModel>>;
  /** Largest body of a request, in bytes; a larger one is answered with 413. @default 4 MiB */
  readonly maxBodyBytes?: number;
}

/** Answers requests to OpenAI's interface. */
export type OpenAIHandler = (request: Request) => Promise<Response>;

/** What answers `POST` to a path that ends so. */
const endpoints: ReadonlyMap<string, Endpoint> = new Map([
  ['chat/completions', chatCompletions],
  ['completions', completions],
  ['embeddings', embeddings],
]);

/**
 * Answers requests to OpenAI's interface with models of this machine: `POST /v1/chat/completions`, `/v1/completions` and
 * `/v1/embeddings`, `GET /v1/models` and `/v1/models/{name}`, under any base path. So the official `openai` client works in a page, by
 * its option `fetch`; in a service worker for a page that knows nothing; behind a server.
 *
 * What is wrong with a request is told in a response, in OpenAI's form. The handler rejects as `fetch` does, with the reason of the
 * request's signal once that is aborted; then the answer ends, as it does when the response's body is cancelled.
 *
 * @throws GptletError INVALID_OPTION
 * @example
 * const handler = createOpenAIHandler({ models: { local: () => loadModel('HuggingFaceTB/SmolLM2-135M-Instruct') } });
 * const client = new OpenAI({
 *   baseURL: 'http://localhost/v1', apiKey: 'none', dangerouslyAllowBrowser: true,
 *   fetch: (url, init) => handler(new Request(url, init)),
 * });
 */
export function createOpenAIHandler(options: OpenAIHandlerOptions): OpenAIHandler {
  const { models, maxBodyBytes } = resolveOptions(openAIHandlerOptions(), options);
  const served = new ServedModels(models);
  return async (request) => {
    try {
      return await answer(request, served, maxBodyBytes);
    } catch (error) {
      request.signal.throwIfAborted();
      const told = toApiError(error);
      return jsonResponse(errorBody(told), told.status, told.headers);
    }
  };
}

async function answer(request: Request, models: ServedModels, maxBodyBytes: number): Promise<Response> {
  const { pathname } = new URL(request.url);
  const [, name = '', model] =
    /\/v1\/(chat\/completions|completions|embeddings|models)(?:\/(.+))?$/.exec(pathname) ?? [];
  if (name === 'models') {
    requireMethod(request, 'GET');
    return jsonResponse(model === undefined ? models.list() : models.describe(decode(model)));
  }
  const endpoint = endpoints.get(name);
  if (!endpoint || model !== undefined) {
    const message = `There is nothing at ${request.method} ${pathname}.`;
    throw new ApiError(404, message, null, 'unknown_url');
  }
  requireMethod(request, 'POST');
  const stop = new AbortController();
  const follow = (): void => stop.abort(request.signal.reason);
  if (request.signal.aborted) follow();
  request.signal.addEventListener('abort', follow, { once: true });
  return endpoint(await readBody(request, maxBodyBytes), models, stop);
}

/** @throws ApiError 405 */
function requireMethod({ method }: Request, allowed: string): void {
  if (method !== allowed)
    throw new ApiError(405, `The method is ${method}; send ${allowed}.`, null, 'method_not_supported', {
      allow: allowed,
    });
}

/** A name in a path, where its slashes may stand as they are. What is no escape stands for itself. */
function decode(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
