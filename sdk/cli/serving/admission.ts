import type { IncomingMessage } from 'node:http';
import { crossOriginHeaders, preflight } from './cross-origin.ts';
import { hostCheck } from './host-check.ts';
import { keyCheck } from './key-check.ts';
import { refusal } from './refusal.ts';

/** Who may ask. */
export interface AdmissionOptions {
  /** The address or name that the server listens on. */
  readonly host: string;
  /** Other names under which it is reached. */
  readonly hostNames: readonly string[];
  /** One of them has to be sent; none: nobody is asked. */
  readonly keys: readonly string[];
  /** Origins of pages that may ask; '*' for all. */
  readonly origins: readonly string[];
}

/** What a request is told before anything is done for it. */
export interface Admission {
  /** To be sent with whatever the answer is. */
  readonly headers: Readonly<Record<string, string>>;
  /** The answer already, where there is nothing else to do. */
  readonly answer?: Response;
}

const methods = ['GET', 'HEAD', 'POST', 'OPTIONS'];

/** Makes the check that stands before everything: of the request's form, host, origin and key, in this order. */
export function createAdmission(options: AdmissionOptions): (message: IncomingMessage, path: string) => Admission {
  const isOwnHost = hostCheck(options.host, options.hostNames);
  const isKey = keyCheck(options.keys);
  return ({ method = '', url = '', headers, headersDistinct }, path) => {
    const refused = (...why: Parameters<typeof refusal>): Admission => ({ headers: {}, answer: refusal(...why) });
    // A proxy's form of a request names a host of its own.
    if (!url.startsWith('/'))
      return refused(400, `The request is for ${url}; it must be for a path, such as /v1/models.`);
    const hosts = headersDistinct.host ?? [];
    if (hosts.length !== 1) return refused(400, `The request has ${hosts.length} Host headers; it must have one.`);
    if (!isOwnHost(hosts[0]))
      return refused(
        403,
        `This server is not called ${hosts[0]}. Start it with --allow-host and this name if it is meant to be.`,
        { code: 'host_not_allowed' },
      );
    const { origin } = headers;
    const crossOrigin = origin === undefined ? {} : crossOriginHeaders(origin, options.origins);
    if (!crossOrigin)
      return refused(403, `Pages of ${origin} may not ask this server. Start it with --cors ${origin} if they may.`, {
        code: 'origin_not_allowed',
      });
    const answered = (answer: Response): Admission => ({ headers: crossOrigin, answer });
    if (!methods.includes(method))
      return answered(refusal(405, `There is no ${method} here.`, { headers: { allow: methods.join(', ') } }));
    if (method === 'OPTIONS') return answered(preflight(headers));
    // Whoever watches over the server has no key to its models.
    if (options.keys.length > 0 && path !== '/health' && !isKey(headers.authorization))
      return answered(
        refusal(
          401,
          headers.authorization === undefined
            ? "This server wants a key: send it in the header 'Authorization: Bearer KEY'."
            : 'The key in the header Authorization is not one of this server.',
          { code: 'invalid_api_key', headers: { 'www-authenticate': 'Bearer' } },
        ),
      );
    return { headers: crossOrigin };
  };
}
