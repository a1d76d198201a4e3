import type { ChatResult } from '../loaded-model/chatting.ts';
import type { Message, ToolCall } from '../loaded-model/message.ts';
import { AnswerCut, AnswerWriter } from './answer-writer.ts';
import { samplingOf } from './chat-sampling.ts';
import type { NamedTool, ToolNotation } from './notations/tool-notation.ts';
import { plain } from './prompt/choose-template.ts';
import { makePrompt } from './prompt/make-prompt.ts';
import { plainStops } from './prompt/plain-prompt.ts';
import { rememberAnswer } from './prompt/prompt-memory.ts';
import { switchesThinking } from './prompt/switches-thinking.ts';
import { turnEnds } from './prompt/turn-end.ts';
import { ShownText } from './shown-text.ts';
import { mostTokens, type StepSettings } from './step-settings.ts';
import { opensThinking, type ThinkingTags, thinkingTags } from './thinking-tags.ts';
import { WithoutSpecialTokens } from './without-special-tokens.ts';
import { beginsCall, writeCalls } from './write-calls.ts';

/** One answer, of which a conversation with tools may take several. */
export type Step = Pick<
  ChatResult,
  'text' | 'reasoning' | 'toolCalls' | 'finishReason' | 'usage' | 'timings' | 'logprobs'
>;

/**
 * Has the model answer once: thoughts, then text or calls of tools.
 *
 * @param choice what the option `toolChoice` comes to in this step
 */
export async function runStep(
  settings: StepSettings,
  messages: readonly Message[],
  choice: 'auto' | 'required' | { readonly tool: string },
): Promise<Step> {
  const { model, options, template, tools, notation, onPart, signal } = settings;
  const { constraint, stop = [], logprobs, minNewTokens, thinking } = options;
  const prompt = await makePrompt(model, messages, {
    template,
    tools: settings.listsTools ? tools : [],
    // What must have a form is not thought first, unless that is asked for.
    thinking: thinking ?? (constraint && switchesThinking(template) ? false : undefined),
    addGenerationPrompt: true,
    continueMessage: options.continueMessage ?? false,
  });
  const ends = await turnEnds(model, template);
  const writer = new AnswerWriter(
    model,
    prompt.tokenIds,
    samplingOf(options, ends),
    // A prompt that is too long is for `generate` to refuse.
    Math.max(1, Math.min(options.maxNewTokens ?? mostTokens, model.contextLength - prompt.tokenIds.length + 1)),
    signal,
  );
  const tags = thinkingTags(template, model.tokenizer.specialTokens);
  const stops = template === plain ? [...stop, ...plainStops] : stop;
  const reasoning = new ShownText((text) => onPart({ reasoning: text }));
  const shown = new ShownText(
    (text) => onPart({ text }),
    !constraint && (tags !== undefined || notation !== undefined),
  );
  const readable = new WithoutSpecialTokens(model.tokenizer);
  const toolCalls: ToolCall[] = [];
  let reasoningTokens = 0;

  /** Says whether the model came to an end of its thoughts, and goes on. */
  const think = async ({ end }: ThinkingTags): Promise<boolean> => {
    const before = writer.usage.generatedTokens;
    try {
      const { stopText, finishReason } = await writer.write({ stop: [end] }, (part) =>
        reasoning.push(readable.textOf(part)),
      );
      if (finishReason === 'length') throw new AnswerCut('length');
      return stopText !== undefined;
    } finally {
      reasoningTokens += writer.usage.generatedTokens - before;
    }
  };

  const several = options.parallelToolCalls !== false && typeof choice !== 'object';
  const call = (calling: ToolNotation, begin: string, callable: readonly NamedTool[]): Promise<void> =>
    writeCalls(writer, calling, begin, callable, several, (toolCall) => {
      toolCalls.push(toolCall);
      onPart({ toolCall });
    });

  const answer = async (): Promise<'stop' | 'length'> => {
    if (tags && opensThinking(prompt.text, tags) && !options.continueMessage && !(await think(tags))) return 'stop';
    if (constraint && thinking && tags && reasoning.text === '') {
      writer.force(tags.begin);
      if (!(await think(tags))) return 'stop';
    }
    if (notation && choice !== 'auto') {
      writer.force(notation.begins[0]);
      await call(notation, notation.begins[0], callableWith(tools, choice));
      return 'stop';
    }
    let begins = notation && tools.length > 0 ? notation.begins : [];
    let mayThink = tags !== undefined && reasoning.text === '' && !constraint;
    if (notation && begins.length > 0 && constraint) {
      // An answer in a form, or a call: the model says which, before the form binds it.
      const begin = await beginsCall(writer, notation);
      if (begin !== undefined) {
        await call(notation, begin, tools);
        return 'stop';
      }
      begins = [];
    }
    while (true) {
      const own = [...stops, ...begins, ...(mayThink && tags ? [tags.begin] : [])];
      const { finishReason, stopText } = await writer.write(
        { stop: own, constraint, logprobs, minNewTokens },
        (part) => {
          if (part.logprobs) onPart({ logprobs: part.logprobs });
          // What has a form has no special tokens in it but those of the form.
          shown.push(constraint ? part.text : readable.textOf(part));
        },
      );
      if (stopText === undefined || stops.includes(stopText)) {
        shown.end();
        return finishReason === 'length' ? 'length' : 'stop';
      }
      const atStart = shown.text === '';
      if (stopText === tags?.begin) {
        mayThink = false;
        if (!atStart) shown.push(stopText);
        else if (!(await think(tags))) return 'stop';
      } else if (notation && (atStart || !notation.onlyFirst)) {
        await call(notation, stopText, tools);
        return 'stop';
      } else {
        begins = [];
        shown.push(stopText);
      }
    }
  };

  let finishReason: Step['finishReason'];
  try {
    finishReason = await answer();
  } catch (error) {
    if (!(error instanceof AnswerCut)) throw error;
    finishReason = error.reason;
  }
  if (toolCalls.length > 0 && finishReason !== 'aborted') finishReason = 'tool-calls';
  rememberAnswer(model, prompt.marked + writer.text, writer.tokenIds);
  return {
    text: shown.text,
    reasoning: reasoning.text,
    toolCalls,
    finishReason,
    usage: { ...writer.usage, reasoningTokens },
    timings: writer.timings,
    ...(logprobs !== undefined && { logprobs: writer.logprobs }),
  };
}

const callableWith = (
  tools: readonly NamedTool[],
  choice: 'required' | { readonly tool: string },
): readonly NamedTool[] => (choice === 'required' ? tools : tools.filter(({ name }) => name === choice.tool));
