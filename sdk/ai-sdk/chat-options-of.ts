import type { LanguageModelV4CallOptions, SharedV4Warning } from '@ai-sdk/provider';
import type { ChatOptions } from '../loaded-model/chat-options.ts';
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

/** The options of a call as `model.chat` has them; what it says in its own names wins over `providerOptions.gptlet`. */
export function chatOptionsOf(call: LanguageModelV4CallOptions, warn: Warn): ChatOptions {
  const { responseFormat } = call;
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
  // model.chat checks all of them, and names one that is misspelt.
  return { thinking: thinks(call, warn), ...call.providerOptions?.gptlet, ...Object.fromEntries(given) };
}

/** A model thinks or does not: how much, it decides itself. */
function thinks({ reasoning = 'provider-default' }: LanguageModelV4CallOptions, warn: Warn): boolean | undefined {
  if (reasoning === 'provider-default') return undefined;
  if (reasoning !== 'none') {
    warn({
      type: 'compatibility',
      feature: 'reasoning',
      details: `A model of gptlet thinks or does not; '${reasoning}' is taken for yes, and how much is its own affair.`,
    });
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
