import { GptletError } from '../errors/gptlet-error.ts';
import type { ModelSource } from '../model/model-source.ts';
import { parseUrl } from '../platform/parse-url.ts';
import type { FileSource, SourceFile } from './sources/file-source.ts';
import { hubGgufPattern, splitGguf } from './sources/gguf-source.ts';
import { htmlPage, httpDirectory } from './sources/http-directory.ts';
import { openHttpFile } from './sources/http-file.ts';
import type { HttpAccess } from './sources/http-request.ts';
import { hubHashes, listHub } from './sources/hub-hashes.ts';
import { defaultHubEndpoint, hubDirectory, hubIdPattern } from './sources/hub-id.ts';
import { modelFiles } from './sources/model-files.ts';

export type { ModelFiles, ModelSource } from '../model/model-source.ts';

/** Which hub to ask, and as whom. The token goes to the endpoint's origin only, and is neither logged nor stored. */
export interface HubOptions {
  /** @default 'https://huggingface.co' */
  readonly endpoint?: string;
  readonly token?: string;
}

/** How sources are reached. */
export interface SourceAccess {
  readonly hub?: HubOptions;
  readonly http?: HttpAccess;
  /** Opens a folder on disk, in Node; absent where there are none, as in a page. */
  readonly openDirectory?: (directory: string | URL) => Promise<FileSource>;
  /** The file that a folder of this kind has in any case. @default 'config.json' */
  readonly manifest?: string;
}

/** Opens the folder of files that a source means. @throws GptletError INVALID_OPTION for a value that is no source. */
export async function openSource(source: ModelSource, access: SourceAccess): Promise<FileSource> {
  if (source instanceof URL) return directoryAt(source, access);
  if (typeof source === 'string') return namedSource(source, access);
  if (typeof source === 'object' && source !== null && Object.getPrototypeOf(source) !== Array.prototype) {
    return modelFiles(source, async (url, signal) => openUrlFile(url, access, signal), access.manifest);
  }
  throw badSource(
    `The model is given as ${Array.isArray(source) ? 'an array' : String(source)}; give a hub id such as 'openai-community/gpt2', the address of a folder, or an object of files.`,
  );
}

async function namedSource(source: string, access: SourceAccess): Promise<FileSource> {
  if (source === '')
    throw badSource(
      "The model is given as ''; give a hub id such as 'openai-community/gpt2' or the address of a folder.",
    );
  // One letter before the colon is a Windows drive.
  if (/^[a-z][a-z\d+.-]+:/i.test(source)) return directoryAt(addressOf(source), access);
  const isRelative = /^\.{1,2}(\/|$)/.test(source);
  const [, ggufId, ggufFile, ggufKind] = (!isRelative && hubGgufPattern.exec(source)) || [];
  const id = ggufId ?? source;
  const isHubId = !isRelative && hubIdPattern.test(id);
  if (access.openDirectory) {
    const [folder, gguf] = splitGguf(source) ?? [source];
    const directory = await access.openDirectory(folder);
    // A folder of the id's name wins, as it does in the hub's own library.
    if (!isHubId || (await directory.open(gguf ?? access.manifest ?? 'config.json'))) return { ...directory, gguf };
  } else if (!isHubId) {
    const base =
      (globalThis as { document?: { baseURI: string }; location?: { href: string } }).document?.baseURI ??
      globalThis.location?.href;
    return directoryAt(addressOf(source, base), access);
  }
  const { hub, http } = access;
  const url = hubDirectory(id, hub?.endpoint ?? defaultHubEndpoint);
  const hubAccess = { ...http, token: checkedToken(hub?.token), tokenOrigin: url.origin };
  const files = httpDirectory(url, hubAccess);
  const name = id.split('@')[0];
  return {
    ...files,
    gguf: ggufFile ?? ggufKind,
    list: () =>
      listHub(url, name, hubAccess).then(
        (list) => list.map(({ path }) => String(path)),
        () => [],
      ),
    remote: files.remote && { ...files.remote, sha256: hubHashes(url, name, hubAccess) },
  };
}

async function directoryAt(url: URL, { hub, http, openDirectory }: SourceAccess): Promise<FileSource> {
  const [path, gguf] = splitGguf(url.pathname) ?? [url.pathname];
  const folder = new URL(url);
  folder.pathname = path;
  if (url.protocol === 'file:' && openDirectory) {
    return { ...(await openDirectory(folder)), gguf: gguf && decodeURIComponent(gguf) };
  }
  if (!/^https?:$/.test(url.protocol)) {
    throw badSource(
      `The model's address ${url.href} has the protocol ${url.protocol}, which cannot be read here; use http or https, or give the files themselves.`,
    );
  }
  // An address at the hub itself, by whoever wrote it out, may need the same token.
  const endpoint = hub?.endpoint ?? defaultHubEndpoint;
  const tokenOrigin = parseUrl(endpoint)?.origin;
  const files = httpDirectory(folder, { ...http, token: checkedToken(hub?.token), tokenOrigin });
  return { ...files, gguf: gguf && decodeURIComponent(gguf) };
}

async function openUrlFile(
  url: URL,
  { http = {}, openDirectory }: SourceAccess,
  signal?: AbortSignal,
): Promise<SourceFile | undefined> {
  if (url.protocol === 'file:' && openDirectory) {
    const directory = await openDirectory(new URL('.', url));
    return directory.open(decodeURIComponent(url.pathname.slice(url.pathname.lastIndexOf('/') + 1)), signal);
  }
  const file = await openHttpFile(url, http, signal);
  if (file && file !== 'html') return file;
  throw new GptletError(
    'MODEL_NOT_FOUND',
    `There is no ${url.href}${file ? ` (${htmlPage})` : ''}, which was given as a file of the model. Check the address.`,
  );
}

function addressOf(text: string, base?: string): URL {
  const url = parseUrl(text, base);
  if (url) return url;
  throw badSource(`The model's address '${text}' is not a valid URL.`);
}

const badSource = (message: string): GptletError => new GptletError('INVALID_OPTION', message);

function checkedToken(token: unknown): string | undefined {
  if (token === undefined || token === null || token === '') return undefined;
  // The value itself is a secret and must not appear in a message.
  if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)) {
    throw badSource('hub.token is not a token: it must be a string of visible ASCII characters without spaces.');
  }
  return token;
}
