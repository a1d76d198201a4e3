import { asObject, fail, parseJson, quote } from './parse-json.ts';
import { kindOfPattern } from './split-pattern.ts';
import type { TokenizerKind } from './tokenizer.ts';
import type { TokenizerDefinition } from './tokenizer-definition.ts';

type Json = Record<string, unknown>;

/** The steps of a normalizer or pre-tokenizer, sequences laid flat. */
function steps(value: unknown, list: string): Json[] {
  const step = asObject(value);
  if (!step) return [];
  const inner = step[list];
  return step.type === 'Sequence' && Array.isArray(inner) ? inner.flatMap((part) => steps(part, list)) : [step];
}

function readNormalization(value: unknown): string[] {
  return steps(value, 'normalizers').map((step) => {
    if (['NFC', 'NFD', 'NFKC', 'NFKD'].includes(step.type as string)) return step.type as string;
    return fail(`tokenizer.json has the normalizer ${quote(step)}; gptlet knows NFC, NFD, NFKC and NFKD.`);
  });
}

/** Which split pattern a byte-level pre-tokenizer asks for. */
function readSplit(value: unknown): { kind: TokenizerKind; addPrefixSpace: boolean } {
  let kind: TokenizerKind | undefined;
  let byteLevel: Json | undefined;
  for (const step of steps(value, 'pretokenizers')) {
    const regex = asObject(step.pattern)?.Regex;
    const covers =
      (step.behavior === 'Isolated' && step.invert !== true) || (step.behavior === 'Removed' && step.invert === true);
    if (step.type === 'ByteLevel' && !byteLevel) byteLevel = step;
    else if (step.type === 'Split' && typeof regex === 'string' && covers && !kind && !byteLevel) {
      kind =
        kindOfPattern(regex) ??
        fail(
          `tokenizer.json splits text with the pattern ${JSON.stringify(regex)}, which gptlet does not know; it knows those of gpt2, cl100k, qwen2 and o200k.`,
        );
    } else fail(`tokenizer.json has the pre-tokenizer step ${quote(step)}, which gptlet does not know.`);
  }
  if (!byteLevel)
    fail(
      `tokenizer.json has the pre-tokenizer ${quote(value)}; gptlet knows byte-level BPE (a ByteLevel step) and GPT-1's.`,
    );
  const addPrefixSpace = byteLevel.add_prefix_space !== false;
  const ownPattern = byteLevel.use_regex !== false;
  if (kind && (addPrefixSpace || ownPattern)) {
    fail(
      'tokenizer.json splits text twice (a Split step before a ByteLevel step with use_regex or add_prefix_space), which gptlet does not support.',
    );
  }
  return { kind: kind ?? (ownPattern ? 'gpt2' : 'none'), addPrefixSpace };
}

/** Reads what a tokenizer.json says of its model and the steps before it. */
export function readTokenizerJson(
  content: string | Uint8Array,
): Omit<TokenizerDefinition, 'added'> & { addedTokens: unknown } {
  const json = parseJson('tokenizer.json', content);
  const model = asObject(json.model);
  if (!model || (model.type ?? 'BPE') !== 'BPE' || !asObject(model.vocab) || !Array.isArray(model.merges)) {
    fail(`tokenizer.json has a model of type ${quote(model?.type)}; gptlet needs a BPE model with vocab and merges.`);
  }
  if (model.byte_fallback === true || model.continuing_subword_prefix) {
    fail(
      'tokenizer.json asks for byte_fallback or a continuing_subword_prefix, which byte-level BPE and GPT-1 do not have.',
    );
  }
  const gpt1 = model.end_of_word_suffix === '</w>';
  if (model.end_of_word_suffix && !gpt1)
    fail(`tokenizer.json has the end_of_word_suffix ${quote(model.end_of_word_suffix)}; gptlet knows "</w>".`);
  if (gpt1 && asObject(json.pre_tokenizer)?.type !== 'BertPreTokenizer') {
    fail(
      `tokenizer.json has the pre-tokenizer ${quote(json.pre_tokenizer)} with "</w>" endings; gptlet knows GPT-1's BertPreTokenizer.`,
    );
  }
  const merges = model.merges.map((merge: unknown, index: number) => {
    const line = Array.isArray(merge) && merge.length === 2 ? merge.join(' ') : merge;
    return typeof line === 'string' && !line.includes('\n')
      ? line
      : fail(`Merge ${index} in tokenizer.json is ${quote(merge)}; a merge is two tokens.`);
  });
  return {
    ...(gpt1 ? { kind: 'gpt1' as const, addPrefixSpace: false } : readSplit(json.pre_tokenizer)),
    normalization: gpt1 ? [] : readNormalization(json.normalizer),
    vocabulary: JSON.stringify(model.vocab),
    // An empty first line, so that no first merge is taken for a version line.
    merges: `\n${merges.join('\n')}`,
    ignoreMerges: model.ignore_merges === true,
    unknown: typeof model.unk_token === 'string' ? model.unk_token : undefined,
    addedTokens: json.added_tokens,
  };
}
