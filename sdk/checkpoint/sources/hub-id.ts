import { GptletError } from '../../errors/gptlet-error.ts';
import { parseUrl } from '../../platform/parse-url.ts';

/** Where hub ids are looked up unless told otherwise. */
export const defaultHubEndpoint = 'https://huggingface.co';

/** `owner/name@revision`, or an old model's bare name. */
export const hubIdPattern: RegExp = /^(?:[\w.-]+\/)?[\w.-]+(?:@[\w./-]+)?$/;

/** The address of the folder that holds a hub model's files. @throws GptletError INVALID_OPTION */
export function hubDirectory(id: string, endpoint: string): URL {
  const [name, revision = 'main'] = id.split('@');
  const base = parseUrl(endpoint);
  if (!base || !/^https?:$/.test(base.protocol)) {
    throw new GptletError(
      'INVALID_OPTION',
      `hub.endpoint is '${endpoint}'; it must be an http or https address such as '${defaultHubEndpoint}'.`,
    );
  }
  if (!base.pathname.endsWith('/')) base.pathname += '/';
  // A revision may be a ref with slashes (refs/pr/1), which the hub wants as one segment.
  base.pathname += `${name}/resolve/${encodeURIComponent(revision)}/`;
  return base;
}
