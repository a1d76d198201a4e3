import type { SourceFile } from '../../checkpoint/sources/file-source.ts';
import { openHttpFile } from '../../checkpoint/sources/http-file.ts';
import { GptletError } from '../../errors/gptlet-error.ts';
import { LocalGenerator } from '../../generation/local-generator.ts';
import { loadParts } from '../../loading/load-parts.ts';
import type { Tokenizer } from '../../tokenizer/tokenizer.ts';
import { GeneratorHost } from '../generator-host.ts';
import type { CloneableLoadOptions, CloneableSource, EmbeddedHost } from '../protocol.ts';
import { restoreSource } from '../source.ts';
import { embeddedCheckpoint } from './embedded-checkpoint.ts';
import { embeddedTokenizer } from './embedded-tokenizer.ts';

/** The host of a worker that holds what generating with the embedded model needs, and nothing of other models. */
export class EmbeddedModelHost extends GeneratorHost<LocalGenerator> implements EmbeddedHost {
  load(source: CloneableSource, options: CloneableLoadOptions, port: MessagePort): void {
    this.serveLoad(port, options, async (loadOptions) => {
      const urls = restoreSource(source) as Readonly<Record<string, URL>>;
      const open = (name: string): Promise<SourceFile> => openFile(urls[name], loadOptions.signal);
      const parts = await loadParts(async () => {
        const [tokenizerFile, weights] = await Promise.all([open('tokenizer.json'), open('model.safetensors')]);
        const [tokenizer, checkpoint] = await Promise.all([
          embeddedTokenizer(tokenizerFile, loadOptions.signal),
          embeddedCheckpoint(weights, loadOptions.signal),
        ]);
        // Generating asks no more of it.
        return { tokenizer: tokenizer as Tokenizer, checkpoint };
      }, loadOptions);
      return new LocalGenerator(parts);
    });
  }
}

async function openFile(url: URL, signal: AbortSignal | undefined): Promise<SourceFile> {
  const file = await openHttpFile(url, {}, signal);
  if (file === undefined || file === 'html')
    throw new GptletError('MODEL_NOT_FOUND', `The embedded model is not there: ${url.href} is no file of it.`);
  return file;
}
