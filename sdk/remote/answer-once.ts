import type { Step } from '../chat/run-step.ts';
import { ShownText } from '../chat/shown-text.ts';
import type { ChatPart } from '../loaded-model/chatting.ts';
import type { TokenLogprob } from '../loaded-model/generation.ts';
import { AnswerRecord } from './answer-record.ts';
import { askInDialect } from './ask-in-dialect.ts';
import type { Server } from './connect-options.ts';
import { readLogprobs } from './read-logprobs.ts';
import { ToolCallPieces } from './tool-call-pieces.ts';
import { WholeCharacters } from './whole-characters.ts';
import { type Delta, firstChoice } from './wire.ts';

/**
 * One answer of a server; an abort ends it where it is. A call of a tool comes whole, at the end.
 *
 * @param body made anew for each try
 * @param trims whether white space around the texts is the model's habit, and not asked for
 */
export async function answerOnce(
  server: Server,
  body: () => Readonly<Record<string, unknown>>,
  trims: boolean,
  onPart: (part: ChatPart) => void,
  signal: AbortSignal,
): Promise<Step> {
  const record = new AnswerRecord();
  const reasoning = new PiecewiseText((text) => onPart({ reasoning: text }), true);
  const shown = new PiecewiseText((text) => onPart({ text }), trims);
  const pieces = new ToolCallPieces();
  const logprobs: TokenLogprob[] = [];
  let finishReason: Step['finishReason'];
  try {
    for await (const chunk of askInDialect(server, 'chat/completions', body, signal)) {
      record.read(chunk);
      const choice = firstChoice(chunk.choices);
      if (!choice) continue;
      const told = readLogprobs(choice.logprobs);
      if (told?.length) {
        logprobs.push(...told);
        onPart({ logprobs: told });
      }
      const delta = choice.delta ?? {};
      reasoning.push(thoughtOf(delta, server));
      shown.push(delta.content ?? '');
      pieces.push(delta.tool_calls ?? []);
    }
    finishReason = record.finishReason;
  } catch (error) {
    if (!signal.aborted) throw error;
    finishReason = 'aborted';
  }
  const toolCalls = pieces.finish(finishReason !== 'stop');
  for (const toolCall of toolCalls) onPart({ toolCall });
  // White space between a text and its calls is neither's, as that between thoughts and text.
  if (toolCalls.length === 0) shown.end();
  return {
    text: shown.text,
    reasoning: reasoning.text,
    toolCalls,
    finishReason: toolCalls.length > 0 && finishReason !== 'aborted' ? 'tool-calls' : finishReason,
    usage: { ...record.usage, forcedTokens: 0 },
    timings: record.timings,
    ...(logprobs.length > 0 && { logprobs }),
  };
}

/** What a piece says that the model thought; the server's name of it is kept, for what is sent back. */
function thoughtOf({ reasoning, reasoning_content }: Delta, { dialect }: Server): string {
  if (reasoning != null) dialect.reasoning = 'reasoning';
  else if (reasoning_content != null) dialect.reasoning = 'reasoning_content';
  return reasoning || reasoning_content || '';
}

/** {@link ShownText} of whole characters. */
class PiecewiseText {
  readonly #characters = new WholeCharacters();
  readonly #shown: ShownText;

  constructor(show: (text: string) => void, trims: boolean) {
    this.#shown = new ShownText(show, trims);
  }

  get text(): string {
    return this.#shown.text;
  }

  push(piece: string): void {
    this.#shown.push(this.#characters.push(piece));
  }

  end(): void {
    this.#shown.push(this.#characters.flush());
    this.#shown.end();
  }
}
