import { createTokenizer } from '../../tokenizer/create-tokenizer.ts';
import { smallFiles, smallJson } from '../../tokenizer/testing/small-files.ts';
import { trainGpt1 } from '../../tokenizer/testing/trained-vocabulary.ts';
import type { TokenizerFiles } from '../../tokenizer/tokenizer.ts';
import type { WasmTokenizer } from '../../tokenizer/wasm-tokenizer.ts';
import type { FuzzTarget } from './fuzz.ts';

const text = 'hello world, The DOG’s 12 dogs\u0001 \u{1f600} e\u0301 \n\n  \ud800<x> 中文';
/** The tables of these small files take 8 MB, most of it caches. */
const mostMemory = 2 ** 25;

const bytes = (files: TokenizerFiles): Record<string, Uint8Array> =>
  Object.fromEntries(
    Object.entries(files).map(([name, content]) => [
      name,
      typeof content === 'string' ? new TextEncoder().encode(content) : content,
    ]),
  );

/** Makes a tokenizer of the files and uses it; gives what is wrong, or throws it. */
async function load(files: Readonly<Record<string, Uint8Array>>): Promise<unknown> {
  const tokenizer = await createTokenizer(files);
  const memory = (tokenizer as WasmTokenizer).wasm.memory.buffer.byteLength;
  if (memory > mostMemory) return new Error(`has ${memory} bytes of memory`);
  const ids = tokenizer.encode(text, { allowSpecial: true });
  const plain = tokenizer.encode(text);
  const starts = tokenizer.offsets(text);
  if (starts.length !== plain.length) return new Error(`${plain.length} tokens have ${starts.length} starts`);
  if (starts.some((start) => start > text.length)) return new Error('a token starts behind the text');
  try {
    const decoder = tokenizer.decoder();
    const streamed = Array.from(ids, (id) => decoder.push(id)).join('') + decoder.flush();
    if (streamed !== tokenizer.decode(ids)) return new Error('the stream differs from decoding at once');
  } catch (error) {
    // Its own ids are known to it.
    return new Error('decoding failed', { cause: error });
  }
  return undefined;
}

/** Sound tokenizer files, each with the one that is to be spoilt. */
export function tokenizerFuzzTargets(): FuzzTarget[] {
  const gpt1 = trainGpt1('the quick brown dogs and the naïve foxes jump over the lazy dogs', 60);
  const pair = bytes(smallFiles());
  const whole = bytes(
    smallJson(
      {
        added_tokens: [
          { id: 400, content: '<x>', special: true, lstrip: true, rstrip: false },
          { id: 401, content: 'dog', special: false },
        ],
        normalizer: { type: 'NFC' },
      },
      { ignore_merges: true, unk_token: null },
    ),
  );
  const old = bytes({ 'vocab.json': JSON.stringify(gpt1.vocab), 'merges.txt': gpt1.merges.join('\n') });
  const settings = bytes({
    'tokenizer_config.json': JSON.stringify({
      add_prefix_space: true,
      eos_token: { content: '<|endoftext|>', lstrip: false },
      unk_token: '<unk>',
      added_tokens_decoder: { 402: { content: '<y>', special: true, rstrip: true } },
      additional_special_tokens: ['<z>'],
    }),
    'special_tokens_map.json': '{"pad_token":"<pad>","bos_token":{"content":"<|endoftext|>","single_word":false}}',
  });
  const spoil = (name: string, files: Record<string, Uint8Array>, file: string): FuzzTarget => ({
    name,
    files,
    file,
    focus: files[file].length,
    load,
  });
  return [
    spoil('vocab.json', pair, 'vocab.json'),
    spoil('merges.txt', pair, 'merges.txt'),
    spoil('vocab.json of GPT-1', old, 'vocab.json'),
    spoil('merges.txt of GPT-1', old, 'merges.txt'),
    // Most of it is the vocabulary; what lies behind and before is where the settings are.
    { ...spoil('tokenizer.json', whole, 'tokenizer.json'), focus: 600 },
    spoil('tokenizer.json, all of it', whole, 'tokenizer.json'),
    spoil('tokenizer_config.json', { ...pair, ...settings }, 'tokenizer_config.json'),
    spoil('special_tokens_map.json', { ...pair, ...settings }, 'special_tokens_map.json'),
  ];
}
