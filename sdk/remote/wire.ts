// What comes over the wire, as far as it is read. Nothing of it is sure: every field may be missing or of another type.

export interface Chunk {
  readonly choices?: readonly Choice[];
  readonly usage?: WireUsage | null;
}

export interface Choice {
  readonly index?: number;
  /** Of a completion. */
  readonly text?: string | null;
  /** Of a conversation. */
  readonly delta?: Delta | null;
  readonly finish_reason?: string | null;
  readonly logprobs?: unknown;
}

/** Of several answers to one request the first; no other was asked for. */
export const firstChoice = (choices: Chunk['choices']): Choice | undefined =>
  choices?.find(({ index = 0 }) => index === 0);

export interface Delta {
  readonly content?: string | null;
  /** vLLM, OpenRouter. */
  readonly reasoning?: string | null;
  /** SGLang, llama.cpp, DeepSeek, vLLM before 0.12. */
  readonly reasoning_content?: string | null;
  readonly tool_calls?: readonly ToolCallPiece[] | null;
}

export interface ToolCallPiece {
  readonly index?: number | null;
  readonly id?: string | null;
  readonly function?: { readonly name?: string | null; readonly arguments?: unknown } | null;
}

export interface WireUsage {
  readonly prompt_tokens?: number | null;
  readonly completion_tokens?: number | null;
  readonly prompt_tokens_details?: { readonly cached_tokens?: number | null } | null;
  readonly completion_tokens_details?: { readonly reasoning_tokens?: number | null } | null;
  /** SGLang. */
  readonly reasoning_tokens?: number | null;
}
