import type { ClassificationHead } from '../backends/classification-head.ts';
import type { Engine } from '../backends/engine.ts';
import type { ModelConfig } from '../model/config.ts';
import type { GenerationDefaults } from '../model/generation-defaults.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { KvSequence } from './kv-sequence.ts';

/** What a model consists of. */
export interface ModelParts {
  readonly engine: Engine;
  readonly config: ModelConfig;
  /** Undefined where the checkpoint came without one. */
  readonly tokenizer: Tokenizer | undefined;
  readonly generationDefaults: GenerationDefaults;
  /** Undefined where the checkpoint has only a language-model head. */
  readonly head: ClassificationHead | undefined;
}

/** What a call works with. */
export interface CallContext extends ModelParts {
  readonly kvSequence: KvSequence;
}
