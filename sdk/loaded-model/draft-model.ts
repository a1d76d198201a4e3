import type { ModelConfig } from '../model/config.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';

/** What shows that a model is one of `loadModel`; a server's is at another place. */
export interface DraftModel {
  readonly place: 'here';
  readonly config: ModelConfig;
  readonly tokenizer: Tokenizer;
}
