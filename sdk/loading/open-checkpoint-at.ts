import { readChatFormat } from '../checkpoint/chat-format.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { openGguf } from '../checkpoint/gguf/open-gguf.ts';
import { readSmallFile } from '../checkpoint/json-file.ts';
import { openCheckpoint } from '../checkpoint/open-checkpoint.ts';
import { type HubOptions, type ModelSource, openSource } from '../checkpoint/open-source.ts';
import type { FileSource } from '../checkpoint/sources/file-source.ts';
import type { HttpAccess } from '../checkpoint/sources/http-request.ts';
import { openBrowserCache } from '../weight-cache/browser-cache.ts';
import { cachedSource } from '../weight-cache/cached-source.ts';
import type { WeightCache } from '../weight-cache/weight-cache.ts';
import type { Surroundings } from './surroundings.ts';

export interface OpenOptions {
  readonly hub?: HubOptions;
  readonly signal?: AbortSignal;
  /** Whether, or where, downloaded files are kept for the next load. @default false */
  readonly cache?: boolean | WeightCache;
  /** Whether to look at config and weights' tables of contents only, and not to read a tokenizer. @default false */
  readonly headersOnly?: boolean;
  /** Retries and time limits of requests; tests shorten them. */
  readonly access?: Pick<HttpAccess, 'attempts' | 'retryDelayMs' | 'idleMs' | 'rangeBytes' | 'rangesBelow'>;
}

/** Opens the checkpoint that a source means, a cache around it where it comes over a network. @throws as openSource and openCheckpoint do */
export async function openCheckpointAt(
  source: ModelSource,
  options: OpenOptions,
  surroundings: Surroundings,
): Promise<Checkpoint> {
  options.signal?.throwIfAborted();
  const files = await openCachedSource(source, options, surroundings);
  if (files.gguf !== undefined) return openGguf(files, files.gguf, surroundings.readGguf, options.signal);
  if (options.headersOnly) return openCheckpoint(files, surroundings, options.signal, true);
  const [checkpoint, template] = await Promise.all([
    openCheckpoint(files, surroundings, options.signal),
    readSmallFile(files, 'chat_template.jinja', options.signal),
  ]);
  const { 'tokenizer.json': whole, 'vocab.json': vocabulary } = checkpoint.tokenizerFiles;
  if (!whole && !vocabulary && files.answer?.('tokenizer.json')) {
    surroundings.warn(`gptlet: the model takes token ids, no text: there is no ${files.locate('tokenizer.json')}.`);
  }
  return { ...checkpoint, chatFormat: readChatFormat(checkpoint.tokenizerFiles, template) };
}

/**
 * Opens the folder that a source means, a cache around it where it comes over a network.
 *
 * @param manifest the file that the folder has in any case. @default 'config.json'
 */
export async function openCachedSource(
  source: ModelSource,
  { hub, access, cache: wanted }: OpenOptions,
  { disk, warn }: Surroundings,
  manifest?: string,
): Promise<FileSource> {
  const own = (): Promise<WeightCache | undefined> => (disk ? disk.openCache() : openBrowserCache());
  const cache = wanted === true ? await own().catch(() => undefined) : wanted || undefined;
  const http: HttpAccess = { ...access, ...(cache && { httpCache: 'no-store' }) };
  const files = await openSource(source, { hub, http, openDirectory: disk?.openDirectory, manifest });
  // What is at hand already (folders, dropped files) is not kept a second time.
  return cache && files.remote ? cachedSource(files, files.remote, cache, warn) : files;
}
