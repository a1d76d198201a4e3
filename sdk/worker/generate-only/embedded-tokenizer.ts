import type { SourceFile } from '../../checkpoint/sources/file-source.ts';
import { readWhole } from '../../checkpoint/sources/read-file.ts';
import { buildTables } from '../../tokenizer/build-tables.ts';
import { asObject, fail, parseJson } from '../../tokenizer/parse-json.ts';
import { entriesOf } from '../../tokenizer/scan-vocabulary.ts';
import type { Tokenizer } from '../../tokenizer/tokenizer.ts';
import { tokenizerModule } from '../../tokenizer/tokenizer-module.ts';
import { WasmTokenizer } from '../../tokenizer/wasm-tokenizer.ts';
import { embeddedModel } from './embedded-model.gen.ts';

/**
 * The embedded model's tokenizer: vocabulary and merges from its file, the rest as the build has read it there.
 * @throws GptletError BAD_TOKENIZER
 */
export async function embeddedTokenizer(file: SourceFile, signal?: AbortSignal): Promise<Tokenizer> {
  const { bytes, tokens, ...definition } = embeddedModel.tokenizer;
  const json = parseJson('tokenizer.json', await readWhole(file, 2 * bytes, signal));
  const model = asObject(json.model);
  const vocabulary = asObject(model?.vocab);
  const entries = vocabulary && entriesOf(vocabulary);
  if (entries?.tokens.length !== tokens || !Array.isArray(model?.merges))
    fail(`${file.location} is not the embedded model's tokenizer. Copy the package's files again.`);
  const module = await tokenizerModule();
  const { wasm, settings } = buildTables(module, {
    ...definition,
    unknown: undefined,
    vocabulary: entries,
    merges: `\n${model.merges.join('\n')}`,
  });
  return new WasmTokenizer(module, wasm, settings);
}
