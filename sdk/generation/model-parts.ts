import type { ClassificationHead } from '../backends/classification-head.ts';
import type { Engine } from '../backends/engine.ts';
import type { ResolvedGenerateOptions } from '../loaded-model/generate-options.ts';
import type { GenerationPart, GenerationResult } from '../loaded-model/generation.ts';
import type { ModelFiles } from '../loaded-model/model-calls.ts';
import type { Adapter } from '../model/adapter.ts';
import type { ChatFormat } from '../model/chat-format.ts';
import type { ModelConfig } from '../model/config.ts';
import type { GenerationDefaults } from '../model/generation-defaults.ts';
import type { TensorPart } from '../model/tensor.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { KvSequence } from './kv-sequence.ts';

/** A model's checkpoint, still open: its weights can be read again. */
export type CheckpointParts = ModelFiles & {
  tensors(options: { readonly signal: AbortSignal }): AsyncIterable<TensorPart>;
};

/** What a model consists of. */
export interface ModelParts {
  readonly engine: Engine;
  readonly config: ModelConfig;
  /** Undefined where the checkpoint came without one. */
  readonly tokenizer: Tokenizer | undefined;
  readonly generationDefaults: GenerationDefaults;
  /** Undefined where nobody will chat. */
  readonly chatFormat?: ChatFormat;
  /** Undefined where the checkpoint has only a language-model head. */
  readonly head: ClassificationHead | undefined;
  readonly checkpoint: CheckpointParts;
  /** Reads the weights once more, an adapter in them from now on, into another engine. */
  readonly merge?: (adapter: Adapter, signal?: AbortSignal) => Promise<Engine>;
}

/** What a call works with. */
export interface CallContext extends ModelParts {
  readonly kvSequence: KvSequence;
}

export interface GenerateInput extends CallContext {
  readonly promptIds: Uint32Array;
  readonly options: ResolvedGenerateOptions;
}

/** One call of generate(), in its turn. */
export type Generate = (
  input: GenerateInput,
  onPart: (part: GenerationPart) => void,
  signal: AbortSignal,
) => Promise<GenerationResult>;
