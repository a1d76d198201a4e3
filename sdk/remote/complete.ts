import type { CheckedGenerateOptions } from '../loaded-model/generate-options.ts';
import type { GenerationPart, GenerationResult, TokenLogprob } from '../loaded-model/generation.ts';
import type { Prompt } from '../loaded-model/gpt-model.ts';
import { checkArgument } from '../options/check-argument.ts';
import { tokenIds } from '../options/kinds.ts';
import { generateOptions } from '../options/table.ts';
import { AnswerRecord } from './answer-record.ts';
import { askInDialect } from './ask-in-dialect.ts';
import type { Server } from './connect-options.ts';
import { checkKept, constraintFields } from './constraint-fields.ts';
import { readLogprobs } from './read-logprobs.ts';
import { requestFields } from './request-fields.ts';
import { WholeCharacters } from './whole-characters.ts';
import { firstChoice } from './wire.ts';

/** Continues a prompt on a server; an abort ends it where it is. */
export async function complete(
  server: Server,
  prompt: Prompt,
  options: CheckedGenerateOptions,
  onPart: (part: GenerationPart) => void,
  signal: AbortSignal,
): Promise<GenerationResult> {
  const asked = promptField(prompt);
  const limit = options.maxNewTokens ?? (generateOptions().maxNewTokens.default as number);
  const form = constraintFields(options.constraint, false);
  const record = new AnswerRecord();
  const characters = new WholeCharacters();
  const logprobs: TokenLogprob[] = [];
  let text = '';
  const show = (piece: string, about: TokenLogprob[] | undefined): void => {
    if (!piece && !about?.length) return;
    text += piece;
    logprobs.push(...(about ?? []));
    onPart({ text: piece, tokenIds: [], ...(about && { logprobs: about }) });
  };

  let finishReason: GenerationResult['finishReason'];
  try {
    const body = () => ({
      ...requestFields(options, limit, server.dialect),
      ...form,
      ...(options.logprobs !== undefined && { logprobs: options.logprobs }),
      prompt: asked,
    });
    for await (const chunk of askInDialect(server, 'completions', body, signal)) {
      record.read(chunk);
      const choice = firstChoice(chunk.choices);
      if (choice) show(characters.push(choice.text ?? ''), readLogprobs(choice.logprobs));
    }
    show(characters.flush(), undefined);
    finishReason = record.finishReason;
  } catch (error) {
    if (!signal.aborted) throw error;
    finishReason = 'aborted';
  }
  // A stop text may have cut it anywhere.
  if (finishReason === 'stop' && !options.stop?.length) checkKept(options.constraint, text);
  const { reasoningTokens: _, ...usage } = record.usage;
  return {
    text,
    tokenIds: [],
    finishReason,
    usage,
    timings: record.timings,
    ...(options.logprobs !== undefined && { logprobs }),
  };
}

function promptField(prompt: Prompt): string | number[] {
  if (typeof prompt === 'string') return prompt;
  const ids = prompt instanceof Uint32Array ? [...prompt] : prompt;
  checkArgument('prompt', ids, { ...tokenIds, mustBe: 'a text or an array of token ids' });
  return [...ids];
}
