import { authorization, type HttpAccess } from './http-request.ts';

/**
 * The SHA-256 of a hub model's large files, from the hub's list of files: one request, made when the
 * first hash is wanted. A hub that does not answer costs the check, not the load.
 *
 * @param directory address of the files, as {@link hubDirectory} makes it: `…/owner/name/resolve/revision/`
 * @param id `owner/name`
 */
export function hubHashes(
  directory: URL,
  id: string,
  access: HttpAccess,
): (name: string, signal?: AbortSignal) => Promise<string | undefined> {
  let list: Promise<ReadonlyMap<string, string>> | undefined;
  return async (name, signal) => {
    list ??= listHub(directory, id, access, signal)
      .then(hashesOf)
      .catch(() => new Map());
    return (await list).get(name);
  };
}

/** A file in the hub's list of a model's. */
interface HubFile {
  readonly path?: unknown;
  readonly lfs?: { readonly oid?: unknown };
}

/** The hub's list of a model's files; empty where it gives none. */
export async function listHub(
  directory: URL,
  id: string,
  access: HttpAccess,
  signal?: AbortSignal,
): Promise<readonly HubFile[]> {
  const [base, revision] = directory.pathname.slice(0, -1).split(`${id}/resolve/`);
  const url = new URL(`${base}api/models/${id}/tree/${revision}?recursive=true`, directory);
  // AbortSignal.any would do the same, from Chromium 116 and Safari 17.4 on.
  const abort = new AbortController();
  const stop = (): void => abort.abort();
  const limit = setTimeout(stop, 10_000);
  signal?.addEventListener('abort', stop);
  try {
    const response = await fetch(url, { headers: authorization(url, access), signal: abort.signal });
    const files: unknown = response.ok && (await response.json());
    return Array.isArray(files) ? files : [];
  } finally {
    clearTimeout(limit);
    signal?.removeEventListener('abort', stop);
  }
}

function hashesOf(files: readonly HubFile[]): ReadonlyMap<string, string> {
  const hashes = new Map<string, string>();
  for (const file of files) {
    const hash = file?.lfs?.oid;
    if (typeof file.path === 'string' && typeof hash === 'string' && /^[0-9a-f]{64}$/.test(hash))
      hashes.set(file.path, hash);
  }
  return hashes;
}
