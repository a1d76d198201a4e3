import { GptletError } from '../../errors/gptlet-error.ts';
import { reason, Transient, transientStatus } from '../../platform/transient.ts';

/** How to ask one server. */
export interface HttpAccess {
  /** Sent as a bearer token, only to {@link tokenOrigin}; fetch itself drops it where a redirect leaves that origin. */
  readonly token?: string;
  readonly tokenOrigin?: string;
  /** Tries in a row that bring nothing new before giving up. @default 6 */
  readonly attempts?: number;
  /** Wait after the first failure, in ms; it doubles with every further one. @default 500 */
  readonly retryDelayMs?: number;
  /** Set to `no-store` where files are kept by ourselves: the browser need not keep them again, nor answer with old ones. */
  readonly httpCache?: RequestCache;
  /** A connection that brings no byte for this long counts as cut, in ms. @default 30000 */
  readonly idleMs?: number;
  /** Bytes of one of several requests at once, for files more than twice as large. @default 4 MiB */
  readonly rangeBytes?: number;
  /** Several requests at once where one brings fewer bytes a second than this; Infinity: from the start. @default 20e6 */
  readonly rangesBelow?: number;
}

/** A server's 401 or 403: the file is not for us, or not there. */
export class Refusal extends GptletError {
  readonly status: number;

  constructor(status: number, message: string) {
    super('NETWORK', message);
    this.status = status;
  }
}

/** What came for a request of a range: where its bytes begin in the file, and what is known of the file. */
export interface HttpAnswer {
  readonly response: Response;
  readonly start: number;
  /** Whether the server cut the range that was asked for, rather than sending all. */
  readonly ranged: boolean;
  /** Bytes of the whole file, if told. */
  readonly size: number | undefined;
  /** ETag or, without one, the time of the last change. */
  readonly validator: string | undefined;
}

/**
 * Asks once for the bytes from `start` up to `end`, or for all, if `start` is undefined. A server without ranges answers from 0.
 *
 * @returns undefined where the file is not there
 * @throws Transient where trying again makes sense; GptletError NETWORK where it does not, a Refusal for 401 and 403.
 */
export async function requestRange(
  url: URL,
  start: number | undefined,
  end: number | undefined,
  access: HttpAccess,
  signal: AbortSignal,
): Promise<HttpAnswer | undefined> {
  const headers = authorization(url, access);
  // blob: and data: URLs are whole in memory already, and not every engine cuts ranges from them.
  if (url.protocol.startsWith('http') && start !== undefined)
    headers['Range'] = `bytes=${start}-${end === undefined ? '' : end - 1}`;
  let response: Response;
  try {
    response = await fetch(url, { headers, signal, cache: access.httpCache ?? 'default' });
  } catch (cause) {
    signal.throwIfAborted();
    throw new Transient(reason(cause), { cause });
  }
  const validator = response.headers.get('ETag') ?? response.headers.get('Last-Modified') ?? undefined;
  const contentRange = response.headers.get('Content-Range') ?? '';
  const encoding = response.headers.get('Content-Encoding');
  if (response.status === 206) {
    // A part of a compressed file begins anywhere in it.
    if (encoding)
      throw new Transient(`the server sent a part of the file compressed by ${encoding}`, { cause: encoding });
    const [, first, total] = /^bytes (\d+)-\d+\/(?:(\d+)|\*)$/.exec(contentRange) ?? [];
    // Another origin's server may hide the header; then what was asked for is what came.
    return { response, start: numberOf(first) ?? start ?? 0, ranged: true, size: numberOf(total), validator };
  }
  if (response.ok) {
    // Of a compressed body it is another length; another origin's server may hide that it is compressed.
    const isPlain = response.type !== 'cors' && !encoding;
    const size = isPlain ? numberOf(response.headers.get('Content-Length')) : undefined;
    return { response, start: 0, ranged: false, size, validator };
  }
  await response.body?.cancel().catch(() => {});
  if (response.status === 416 && start !== undefined) {
    const total = /\/(\d+)$/.exec(contentRange)?.[1];
    return { response: new Response(null), start, ranged: true, size: numberOf(total) ?? start, validator };
  }
  return refused(url, response, access);
}

const numberOf = (digits: string | null | undefined): number | undefined => (digits ? Number(digits) : undefined);

/** The header that opens a file to the token's owner, where the server is the one that the token is for. */
export const authorization = (url: URL, { token, tokenOrigin }: HttpAccess): Record<string, string> =>
  token !== undefined && url.origin === tokenOrigin ? { Authorization: `Bearer ${token}` } : {};

function refused(url: URL, response: Response, access: HttpAccess): undefined {
  const { status } = response;
  const hubSays = response.headers.get('X-Error-Code');
  if (status === 404 || status === 410 || hubSays === 'RepoNotFound') return undefined;
  const transient = transientStatus(response);
  if (transient) throw transient;
  const what = `${url.href} was refused with HTTP status ${status}${hubSays ? ` (${hubSays})` : ''}.`;
  if (status !== 401 && status !== 403) {
    throw new GptletError('NETWORK', `${what} Open the address in a browser to see what the server says.`);
  }
  const advice =
    'Authorization' in authorization(url, access)
      ? 'The token given as hub.token does not open it: check that it is valid and that its owner has accepted the terms of the model.'
      : 'It is private, gated, or not there: for a gated model accept its terms and pass hub.token.';
  throw new Refusal(status, `${what} ${advice}`);
}
