import type { ChatOptions } from '../loaded-model/chat-options.ts';
import type { GenerateOptions } from '../loaded-model/generate-options.ts';

/** What of a chat's options holds for every stretch of an answer, as `generate` takes it. */
export function samplingOf(options: ChatOptions, turnEnds: readonly number[]): GenerateOptions {
  const {
    tools: _tools,
    toolChoice: _choice,
    parallelToolCalls: _parallel,
    thinking: _thinking,
    maxSteps: _steps,
    template: _template,
    continueMessage: _continue,
    maxNewTokens: _most,
    minNewTokens: _least,
    stop: _stop,
    constraint: _constraint,
    logprobs: _logprobs,
    signal: _signal,
    ...sampling
  } = options;
  return { ...sampling, stopTokenIds: [...(sampling.stopTokenIds ?? []), ...turnEnds] };
}
