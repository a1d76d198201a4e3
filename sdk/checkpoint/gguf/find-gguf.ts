import { GptletError } from '../../errors/gptlet-error.ts';

/**
 * The name of a GGUF file by what it is quantised to, as llama.cpp's users write it: `Q4_K_M`. Of the parts of a split file it is
 * the first.
 *
 * @param names all files that there are
 * @throws GptletError MODEL_NOT_FOUND, naming those that there are
 */
export function findGguf(names: readonly string[], kind: string): string {
  const models = names.filter((name) => /^(?!.*mmproj).*\.gguf$/i.test(name)).sort();
  const pattern = new RegExp(`(^|[-._/])${kind.replaceAll('.', '\\.')}(?=[-._/])`, 'i');
  const found = models.find((name) => pattern.test(name));
  if (found !== undefined) return found;
  throw new GptletError(
    'MODEL_NOT_FOUND',
    `There is no GGUF file of the kind ${kind}; ${models.length ? `there are ${models.slice(0, 20).join(', ')}` : 'the hub lists none'}. Give one of them by its name, as 'owner/name/file.gguf'.`,
  );
}
