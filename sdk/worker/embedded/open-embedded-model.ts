import type { ModelSource } from '../../checkpoint/open-source.ts';
import type { SourceFile } from '../../checkpoint/sources/file-source.ts';
import { openHttpFile } from '../../checkpoint/sources/http-file.ts';
import { GptletError } from '../../errors/gptlet-error.ts';
import type { OpenedModel } from '../../loading/open-model.ts';
import type { Tokenizer } from '../../tokenizer/tokenizer.ts';
import { embeddedCheckpoint } from './embedded-checkpoint.ts';
import { embeddedTokenizer } from './embedded-tokenizer.ts';

/**
 * Opens the embedded model, given by the addresses of its files, without code for any other: its description is known when the
 * package is built.
 *
 * @throws GptletError MODEL_NOT_FOUND, NETWORK, BAD_CHECKPOINT, BAD_TOKENIZER
 */
export async function openEmbeddedModel(
  source: ModelSource,
  { signal }: { readonly signal?: AbortSignal },
): Promise<OpenedModel> {
  const urls = source as Readonly<Record<string, URL>>;
  const open = (name: string): Promise<SourceFile> => openFile(urls[name], signal);
  const [tokenizerFile, weights] = await Promise.all([open('tokenizer.json'), open('model.safetensors')]);
  const [tokenizer, checkpoint] = await Promise.all([
    embeddedTokenizer(tokenizerFile, signal),
    embeddedCheckpoint(weights, signal),
  ]);
  // Generating asks no more of it.
  return { tokenizer: tokenizer as Tokenizer, checkpoint, head: undefined };
}

async function openFile(url: URL, signal: AbortSignal | undefined): Promise<SourceFile> {
  const file = await openHttpFile(url, {}, signal);
  if (file === undefined || file === 'html')
    throw new GptletError('MODEL_NOT_FOUND', `The embedded model is not there: ${url.href} is no file of it.`);
  return file;
}
