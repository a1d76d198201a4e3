import { asObject, fail, parseJson, quote } from './parse-json.ts';
import { entriesOf } from './scan-vocabulary.ts';
import { kindOfPattern } from './split-pattern.ts';
import type { TokenizerKind } from './tokenizer.ts';
import type { TokenizerDefinition } from './tokenizer-definition.ts';

type Json = Record<string, unknown>;

/** Throws BAD_TOKENIZER for a part of the file that asks for what gptlet does not do. */
function unsupported(part: string, value: unknown, known: string): never {
  return fail(`tokenizer.json has the ${part} ${quote(value)}; gptlet knows ${known}.`);
}

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
    return unsupported('normalizer', step, 'NFC, NFD, NFKC and NFKD');
  });
}

/** Which split pattern a byte-level pre-tokenizer asks for. */
function readSplit(value: unknown): { kind: TokenizerKind; addPrefixSpace: boolean } {
  const refuse = (part: unknown): never =>
    unsupported(
      'pre-tokenizer',
      part,
      "byte-level BPE (a ByteLevel step; before it one Split step, if it has no use_regex and add_prefix_space) and GPT-1's",
    );
  let kind: TokenizerKind | undefined;
  let byteLevel: Json | undefined;
  for (const step of steps(value, 'pretokenizers')) {
    const regex = asObject(step.pattern)?.Regex;
    const covers = step.behavior === (step.invert === true ? 'Removed' : 'Isolated');
    if (step.type === 'ByteLevel' && !byteLevel) byteLevel = step;
    else if (step.type === 'Split' && typeof regex === 'string' && covers && !kind && !byteLevel) {
      kind = kindOfPattern(regex) ?? unsupported('pattern', regex, 'those of gpt2, cl100k, qwen2 and o200k');
    } else refuse(step);
  }
  if (!byteLevel) return refuse(value);
  const addPrefixSpace = byteLevel.add_prefix_space !== false;
  const ownPattern = byteLevel.use_regex !== false;
  if (kind && (addPrefixSpace || ownPattern)) refuse(value);
  return { kind: kind ?? (ownPattern ? 'gpt2' : 'none'), addPrefixSpace };
}

/** Reads what a tokenizer.json says of its model and the steps before it. */
export function readTokenizerJson(
  content: string | Uint8Array,
): Omit<TokenizerDefinition, 'added'> & { addedTokens: unknown } {
  const json = parseJson('tokenizer.json', content);
  const model = asObject(json.model);
  const vocabulary = asObject(model?.vocab);
  if (!model || (model.type ?? 'BPE') !== 'BPE' || !vocabulary || !Array.isArray(model.merges)) {
    unsupported('model', model?.type, 'BPE with vocab and merges');
  }
  for (const option of ['byte_fallback', 'continuing_subword_prefix']) {
    if (model[option]) unsupported(option, model[option], 'byte-level BPE and GPT-1, which have none');
  }
  const gpt1 = model.end_of_word_suffix === '</w>';
  if (model.end_of_word_suffix && !gpt1) unsupported('end_of_word_suffix', model.end_of_word_suffix, '"</w>"');
  if (gpt1 && asObject(json.pre_tokenizer)?.type !== 'BertPreTokenizer') {
    unsupported('pre-tokenizer', json.pre_tokenizer, 'BertPreTokenizer where tokens end in "</w>"');
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
    vocabulary: entriesOf(vocabulary),
    // An empty first line, so that no first merge is taken for a version line.
    merges: `\n${merges.join('\n')}`,
    ignoreMerges: model.ignore_merges === true,
    unknown: typeof model.unk_token === 'string' ? model.unk_token : undefined,
    addedTokens: json.added_tokens,
  };
}
