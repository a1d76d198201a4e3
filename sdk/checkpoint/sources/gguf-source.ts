import { GptletError } from '../../errors/gptlet-error.ts';
import type { FileSource } from './file-source.ts';
import type { HttpAccess } from './http-request.ts';
import { listHub } from './hub-hashes.ts';

/** `owner/name/file.gguf` and `owner/name@revision/folder/file.gguf`. */
export const hubGgufPattern: RegExp = /^([\w.-]+\/[\w.-]+(?:@(?:refs\/\w+\/)?[\w.-]+)?)(?:\/(.+\.gguf)|:([\w.-]+))$/;

/** The folder before a path's last slash, and the GGUF file behind it; undefined for any other path. */
export function splitGguf(path: string): [folder: string, file: string] | undefined {
  const [, folder, file] = /^(.*[/\\])?([^/\\]+\.gguf)$/i.exec(path) ?? [];
  return file === undefined ? undefined : [folder ?? '.', file];
}

/**
 * The name of a hub model's GGUF file by what it says of its kind, as llama.cpp's users write it: `Q4_K_M`. Of the parts of a
 * split file it is the first.
 *
 * @throws GptletError MODEL_NOT_FOUND, naming those that there are
 */
export async function findGguf({ remote }: FileSource, id: string, kind: string, access: HttpAccess): Promise<string> {
  const files = await listHub(new URL(remote?.root ?? ''), id, access);
  const names = files.map(({ path }) => String(path)).filter((path) => /^(?!.*mmproj).*\.gguf$/i.test(path));
  const pattern = new RegExp(`(^|[-._/])${kind.replaceAll('.', '\\.')}(?=[-._/])`, 'i');
  const found = names.sort().find((name) => pattern.test(name));
  if (found !== undefined) return found;
  throw new GptletError(
    'MODEL_NOT_FOUND',
    `${id} has no GGUF file of the kind ${kind}; ${names.length ? `it has ${names.slice(0, 20).join(', ')}` : 'the hub lists none there'}. Give one of them, as '${id}/file.gguf'.`,
  );
}
