import type { SourceFile } from '../../checkpoint/sources/file-source.ts';
import { readWhole } from '../../checkpoint/sources/read-file.ts';
import { GptletError } from '../../errors/gptlet-error.ts';
import type { Tokenizer } from '../../tokenizer/tokenizer.ts';
import { bytesOf, createEncoder } from './byte-pair-encoder.ts';
import { embeddedModel } from './embedded-model.gen.ts';

/**
 * As much of the embedded model's tokenizer as generating asks for: vocabulary and merges from its file, the rest as the
 * build has found it there.
 * @throws GptletError BAD_TOKENIZER
 */
export async function embeddedTokenizer(
  file: SourceFile,
  signal?: AbortSignal,
): Promise<Pick<Tokenizer, 'kind' | 'vocabSize' | 'encode' | 'decoder'>> {
  const { bytes, tokens, merges } = embeddedModel.tokenizer;
  const text = new TextDecoder().decode(await readWhole(file, 2 * bytes, signal));
  let model: { vocab: Record<string, number>; merges: string[] } | undefined;
  try {
    model = JSON.parse(text).model;
  } catch {}
  const vocabulary = Object.entries(model?.vocab ?? {});
  if (!model || vocabulary.length !== tokens || model.merges?.length !== merges)
    throw new GptletError(
      'BAD_TOKENIZER',
      `${file.location} is not the embedded model's tokenizer. Copy the package's files again.`,
    );
  const texts: string[] = [];
  for (const [token, id] of vocabulary) texts[id] = token;
  return {
    kind: 'gpt2',
    vocabSize: texts.length,
    encode: createEncoder(model.vocab, model.merges),
    decoder() {
      const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
      return {
        push: (id) => decoder.decode(bytesOf(texts[id]), { stream: true }),
        flush: () => decoder.decode(),
      };
    },
  };
}
