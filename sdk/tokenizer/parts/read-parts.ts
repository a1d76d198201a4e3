import { asObject } from '../parse-json.ts';
import type { TokenizerPlan } from '../tokenizer-definition.ts';
import { type Json, plainPlan, type TokenizerParts } from '../tokenizer-parts.ts';
import { configTemplate } from './config-template.ts';
import { readNormalizer } from './read-normalizer.ts';
import { readPostProcessor } from './read-post-processor.ts';
import { readPreTokenizer } from './read-pre-tokenizer.ts';
import { isOfTexts, readTextParts } from './read-text-parts.ts';
import { refuse, stepsOf } from './refuse.ts';

/** The cleaning that GPT-1's text goes through (gpt1-text.ts). */
const gpt1Normalizer = { type: 'BertNormalizer', clean_text: true, handle_chinese_chars: true, lowercase: true };

/**
 * Reads parts of every kind that gptlet has code for, and what the config puts around a text.
 * @throws GptletError BAD_TOKENIZER, by name, for all others
 */
export function readParts(parts: TokenizerParts | TokenizerPlan, config: Json): TokenizerPlan {
  const plan = 'kind' in parts ? parts : readJsonParts(parts);
  return { ...plan, template: configTemplate(config) ?? plan.template };
}

function readJsonParts(parts: TokenizerParts): TokenizerPlan {
  const { model } = parts;
  if (model.type !== 'BPE') refuse('model.type', model.type, 'BPE with vocab and merges');
  const gpt1 = model.end_of_word_suffix === '</w>';
  if (model.end_of_word_suffix && !gpt1)
    refuse('model.end_of_word_suffix', model.end_of_word_suffix, 'none, and "</w>" of GPT-1');
  if (model.continuing_subword_prefix)
    refuse('model.continuing_subword_prefix', model.continuing_subword_prefix, 'none');
  if (model.dropout) refuse('model.dropout', model.dropout, 'none: a text has the same tokens every time');
  const template = readPostProcessor(parts.post_processor);
  if (!gpt1 && isOfTexts(parts.decoder)) return { ...readTextParts(parts), template };
  if (model.byte_fallback)
    refuse(
      'model.byte_fallback',
      model.byte_fallback,
      'byte-level BPE, which has no need of it, and one whose decoder has ByteFallback',
    );
  if (model.fuse_unk && model.unk_token != null && !gpt1)
    refuse('model.fuse_unk', model.fuse_unk, 'false where there is an unk_token');
  readDecoder(parts.decoder, gpt1);
  if (gpt1) {
    checkGpt1(parts);
    return { ...plainPlan('gpt1', false), template };
  }
  return { ...readPreTokenizer(parts.pre_tokenizer), normalization: readNormalizer(parts.normalizer), template };
}

/** Decoding is that of the kind; a file without a decoder gets it too. */
function readDecoder(value: unknown, gpt1: boolean): void {
  for (const { path, step } of stepsOf(value, 'decoder', 'decoders')) {
    const fits = gpt1 ? step.type === 'BPEDecoder' && step.suffix === '</w>' : step.type === 'ByteLevel';
    // Texts are joined anyway.
    if (!fits && step.type !== 'Fuse')
      refuse(path, step, gpt1 ? 'BPEDecoder with the suffix "</w>" for GPT-1' : 'ByteLevel, and Fuse after it');
  }
}

function checkGpt1({ normalizer, pre_tokenizer: preTokenizer }: TokenizerParts): void {
  if (asObject(preTokenizer)?.type !== 'BertPreTokenizer')
    refuse('pre_tokenizer', preTokenizer, 'BertPreTokenizer where tokens end in "</w>"');
  const given = asObject(normalizer) ?? ({} as Json);
  for (const [name, value] of Object.entries(gpt1Normalizer))
    if (given[name] !== value)
      refuse(
        `normalizer${name === 'type' ? '' : `.${name}`}`,
        name === 'type' ? normalizer : given[name],
        `${JSON.stringify(value)} where tokens end in "</w>"`,
      );
  if (given.strip_accents === false)
    refuse('normalizer.strip_accents', false, 'true and null where tokens end in "</w>"');
}
