import { GptletError } from '../../errors/gptlet-error.ts';
import { architectures } from './architectures.ts';
import type { GgufMetadata } from './gguf-metadata.ts';

/** What files that are no language model by themselves are. */
const partsOfModels: readonly (readonly [name: RegExp, what: string])[] = [
  [/^(clip|mmproj)/, 'a projector of images or sound, which belongs to a language model'],
  [/bert|^gemma-embedding$|^t5encoder$|^llama-embed$/, 'a model of embeddings, which writes no text'],
  [/^(eagle3|dflash)$/, 'a draft model, which belongs to another'],
];

/** The error for an architecture that gptlet does not run, with what is nearest to it of those that it does. */
export function refuseArchitecture(name: string, metadata: GgufMetadata): GptletError {
  const kind = metadata.string('general.type');
  const part = partsOfModels.find(([pattern]) => pattern.test(name))?.[1];
  const about = part ?? (kind && kind !== 'model' ? `of the type '${kind}'` : undefined);
  const known = Object.keys(architectures);
  const nearest = known
    .filter((other) => commonStart(name, other) >= 3)
    .sort((a, b) => commonStart(name, b) - commonStart(name, a))[0];
  return new GptletError(
    'UNSUPPORTED_MODEL',
    `${metadata.location} holds ${name ? `the architecture '${name.slice(0, 100)}'` : 'no general.architecture'}` +
      `${about ? `, ${about}` : ''}; gptlet runs GGUF files of ${known.join(', ')}.` +
      (nearest && !part ? ` The nearest is '${nearest}': take such a model.` : ' Take a file of one of them.'),
  );
}

function commonStart(a: string, b: string): number {
  let length = 0;
  while (length < Math.min(a.length, b.length) && a[length] === b[length]) length++;
  return length;
}
