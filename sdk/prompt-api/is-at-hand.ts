import type { ModelSource } from '../checkpoint/open-source.ts';
import type { LoadOptions } from '../loading/load-options.ts';

/** Whether nothing has to be downloaded: files that were given, or a model that the cache holds whole. */
export async function isAtHand(source: ModelSource, { cache }: LoadOptions): Promise<boolean> {
  if (typeof source === 'object' && !(source instanceof URL))
    return Object.values(source).every((file) => !(file instanceof URL));
  if (cache === false) return false;
  const { listCached } = await import('../weight-cache/open-weight-cache.ts');
  // A cache that cannot be read is as good as none.
  const models = await listCached(typeof cache === 'object' ? cache : undefined).catch(() => []);
  return models.some(
    ({ model, complete, files }) =>
      complete && isAddressOf(model, `${source}`) && files.some(({ name }) => /\.(safetensors|bin|gguf)$/.test(name)),
  );
}

/** Whether a model's files lie under an address: 'owner/name', with a revision or a GGUF file of it, or an address. */
function isAddressOf(address: string, source: string): boolean {
  const [, id, revision = ''] = /^([^/@:]+\/[^/@:]+)(?:@([^/:]+))?/.exec(source) ?? [];
  if (id !== undefined) return address.includes(`/${id}/resolve/${encodeURIComponent(revision)}`);
  const folder = source.replace(/[^/]+\.gguf$/, '');
  return address === folder || address === `${folder}/`;
}
