import type { LanguageModelV4CallOptions, SharedV4Warning } from '@ai-sdk/provider';
import { switchesThinking } from '../chat/prompt/switches-thinking.ts';
import type { ChatModel, ChatOptions } from '../loaded-model/chat-options.ts';
import type { GptModel } from '../loaded-model/gpt-model.ts';
import type { JsonSchema, ToolChoice, Tools } from '../loaded-model/tool.ts';

/**
 * What `providerOptions.gptlet` may hold: the options of `model.chat` for which the AI SDK has no name of its own.
 *
 * @example
 * generateText({ model: gptlet('owner/name'), prompt, providerOptions: { gptlet: { thinking: false, minP: 0.05 } } });
 */
export type GptletCallOptions = Pick<
  ChatOptions,
  | 'thinking'
  | 'template'
  | 'continueMessage'
  | 'parallelToolCalls'
  | 'constraint'
  | 'minNewTokens'
  | 'minP'
  | 'typicalP'
  | 'repetitionPenalty'
  | 'noRepeatNgramSize'
  | 'logitBias'
  | 'bannedTexts'
  | 'bannedTokenIds'
  | 'stopTokenIds'
  | 'logprobs'
>;

type Warn = (warning: SharedV4Warning) => void;

/**
 * The options of a call as `model.chat` has them; what it says in its own names wins over `providerOptions.gptlet`.
 *
 * @param model whose templates say whether thinking can be switched
 */
export function chatOptionsOf(call: LanguageModelV4CallOptions, model: ChatModel, warn: Warn): ChatOptions {
  const { responseFormat } = call;
  const own = call.providerOptions?.gptlet as ChatOptions | undefined;
  const options: ChatOptions = {
    maxNewTokens: call.maxOutputTokens,
    temperature: call.temperature,
    topP: call.topP,
    topK: call.topK,
    presencePenalty: call.presencePenalty,
    frequencyPenalty: call.frequencyPenalty,
    stop: call.stopSequences,
    seed: call.seed,
    // Without a schema any JSON will do.
    constraint: responseFormat?.type === 'json' ? { jsonSchema: responseFormat.schema ?? {} } : undefined,
    signal: call.abortSignal,
    ...toolOptions(call, warn),
  };
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const thinking =
    own?.thinking === undefined ? thinks(call.reasoning, templatesOf(model, own?.template), warn) : own.thinking;
  // model.chat checks all of them, and names one that is misspelt.
  return { ...own, ...(thinking !== undefined && { thinking }), ...Object.fromEntries(given) };
}

/** The templates that may be used; undefined of a model elsewhere, which has its own. */
function templatesOf(model: ChatModel, name: string | undefined): readonly string[] | undefined {
  const { chatFormat } = model as Partial<GptModel>;
  if (!chatFormat || name === undefined) return chatFormat && Object.values(chatFormat.templates);
  return [chatFormat.templates[name] ?? name];
}

/** A model thinks or does not, and some cannot be told: how much, each decides itself. */
function thinks(
  reasoning: LanguageModelV4CallOptions['reasoning'] = 'provider-default',
  templates: readonly string[] | undefined,
  warn: Warn,
): boolean | undefined {
  if (reasoning === 'provider-default') return undefined;
  if (templates && !templates.some(switchesThinking)) {
    const details = `The model's template has no switch for it: '${reasoning}' was left out.`;
    warn({ type: 'unsupported', feature: 'reasoning', details });
    return undefined;
  }
  if (reasoning !== 'none') {
    const details = `'${reasoning}' is taken for yes: the model decides itself how much it thinks.`;
    warn({ type: 'compatibility', feature: 'reasoning', details });
  }
  return reasoning !== 'none';
}

function toolOptions({ tools = [], toolChoice }: LanguageModelV4CallOptions, warn: Warn): Partial<ChatOptions> {
  const named: Record<string, Tools[string]> = {};
  for (const tool of tools) {
    if (tool.type === 'provider') {
      warn({
        type: 'unsupported',
        feature: `provider tool ${tool.id}`,
        details: 'It runs on the servers of its provider: it was left out.',
      });
      continue;
    }
    if (tool.inputExamples?.length) {
      warn({
        type: 'unsupported',
        feature: `input examples of the tool ${tool.name}`,
        details: 'Templates have no place for them; addToolInputExamplesMiddleware writes them into the description.',
      });
    }
    named[tool.name] = { description: tool.description, parameters: tool.inputSchema as JsonSchema };
  }
  if (Object.keys(named).length === 0) return {};
  return { tools: named, toolChoice: toolChoice && choiceOf(toolChoice) };
}

const choiceOf = (choice: NonNullable<LanguageModelV4CallOptions['toolChoice']>): ToolChoice =>
  choice.type === 'tool' ? { tool: choice.toolName } : choice.type;
