import { GptletError } from '../errors/gptlet-error.ts';
import { show } from '../errors/show.ts';
import { resolveOptions } from '../options/check-options.ts';
import { connectOptions } from '../options/table.ts';
import { parseUrl } from '../platform/parse-url.ts';

/** Which server, and how it is asked. */
export interface ConnectOptions {
  /**
   * The address before `/chat/completions`: 'https://example.org/v1'. One without a path gets `/v1`. In a page it may be relative to
   * the page; a query stays.
   */
  baseURL: string;
  /** As the server calls it. */
  model: string;
  /** Sent with every request. Those of a page are seen by whoever uses the page: a key of your own belongs on a server between. */
  headers?: HeadersInit;
  /** Sent as a bearer token. In no message of an error. */
  apiKey?: string;
  /** A try that brings nothing for this long, before the answer or within it, counts as cut. @default 120000 */
  timeoutMs?: number;
  /** Tries of a request, where connections fail or the server is busy, before it has begun to answer. @default 3 */
  attempts?: number;
}

/** A server that can be asked. */
export interface Server {
  readonly model: string;
  readonly timeoutMs: number;
  readonly attempts: number;
  readonly headers: Headers;
  /** The address of 'completions' or 'chat/completions'. */
  address(path: string): URL;
  /** A text for a message: short, and without what is secret in the headers. */
  quote(text: string): string;
  /** What its answers have told of its dialect. */
  readonly dialect: Dialect;
}

/** In what servers differ, as far as only their answers tell. */
export interface Dialect {
  /** What it calls the most tokens to generate. */
  limit: 'max_tokens' | 'max_completion_tokens';
  /** What it calls that which a model thinks, once it has sent some. */
  reasoning?: 'reasoning' | 'reasoning_content';
}

/** @throws GptletError INVALID_OPTION */
export function resolveServer(given: ConnectOptions): Server {
  const { baseURL, model, headers, apiKey, timeoutMs, attempts } = resolveOptions(connectOptions(), given);
  const base = parseBase(baseURL);
  const sent = sentHeaders(headers, apiKey);
  // Short values are words such as 'application/json'; those that begin with a scheme are secret behind it.
  const secrets = [...sent.values()]
    .flatMap((value) => [value, ...value.split(' ')])
    .filter(({ length }) => length > 7);
  return {
    model,
    timeoutMs,
    attempts,
    headers: sent,
    dialect: { limit: 'max_tokens' },
    address(path) {
      const url = new URL(base);
      url.pathname += path;
      return url;
    },
    quote(text) {
      const shown = secrets.reduce((rest, secret) => rest.replaceAll(secret, '…'), text).trim();
      return shown.length > 300 ? `${shown.slice(0, 300)}…` : shown;
    },
  };
}

function parseBase(baseURL: string): URL {
  const url = parseUrl(baseURL, globalThis.location?.href);
  // A password in the address would be in every message that names it, and fetch refuses it.
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password) {
    throw new GptletError(
      'INVALID_OPTION',
      `baseURL is ${url?.username || url?.password ? 'an address with a name or password in it' : show(baseURL)}; it must be the http(s) address of a server, such as 'https://example.org/v1'. Give what opens it as apiKey or headers.`,
    );
  }
  if (url.pathname === '/') url.pathname = '/v1';
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  url.hash = '';
  return url;
}

/** What is wrong with them is said without showing them. */
function sentHeaders(given: HeadersInit | undefined, apiKey: string | undefined): Headers {
  let headers: Headers;
  try {
    headers = new Headers(given);
  } catch {
    throw new GptletError(
      'INVALID_OPTION',
      'headers are no headers; give an object of texts by name, without line breaks and characters beyond Latin-1.',
    );
  }
  if (apiKey === undefined) return headers;
  // What a token may hold: RFC 6750 has fewer signs, servers take more.
  if (typeof apiKey !== 'string' || !/^[\x21-\x7e]+$/.test(apiKey)) {
    throw new GptletError(
      'INVALID_OPTION',
      'apiKey is not a key: it must be a text of visible ASCII characters, without spaces and line breaks.',
    );
  }
  headers.set('Authorization', `Bearer ${apiKey}`);
  return headers;
}
