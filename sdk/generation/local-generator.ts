import type { Engine } from '../backends/engine.ts';
import { modelDisposed } from '../errors/disposed.ts';
import { noTokenizer } from '../errors/no-tokenizer.ts';
import { type CheckedGenerateOptions, resolveGenerateOptions } from '../loaded-model/generate-options.ts';
import { nothingGenerated, type RunGeneration } from '../loaded-model/generation.ts';
import type { Prompt } from '../loaded-model/gpt-model.ts';
import type { ModelConfig } from '../model/config.ts';
import type { GenerationDefaults } from '../model/generation-defaults.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { generateOnce } from './generate-once.ts';
import { KvSequence } from './kv-sequence.ts';
import { promptIds } from './prompt-ids.ts';
import { Queue } from './queue.ts';

/** What a model that generates consists of. */
export interface GeneratorParts {
  readonly engine: Engine;
  readonly config: ModelConfig;
  readonly tokenizer: Tokenizer | undefined;
  readonly generationDefaults: GenerationDefaults;
}

/** Generation over an engine, in the thread that calls it: what every use of a model needs, one call at a time. */
export class LocalGenerator {
  protected readonly kvSequence: KvSequence;
  readonly #parts: GeneratorParts;
  readonly #queue = new Queue();
  #disposing: Promise<void> | undefined;

  constructor(parts: GeneratorParts) {
    this.#parts = parts;
    this.kvSequence = new KvSequence(parts.engine);
  }

  get config(): ModelConfig {
    return this.#parts.config;
  }

  get backend(): Engine['backend'] {
    return this.#parts.engine.backend;
  }

  get dtype(): Engine['dtype'] {
    return this.#parts.engine.dtype;
  }

  get bytes(): Engine['bytes'] {
    return this.#parts.engine.bytes;
  }

  get tokenizer(): Tokenizer {
    return this.#parts.tokenizer ?? noTokenizer();
  }

  get hasTokenizer(): boolean {
    return this.#parts.tokenizer !== undefined;
  }

  /** The run behind generate(). */
  generationRun(prompt: Prompt, checked: Omit<CheckedGenerateOptions, 'signal'>): RunGeneration {
    return async (onPart, signal) => {
      this.#requireLive();
      const options = resolveGenerateOptions(checked, this.#parts.generationDefaults, this.config.eosTokenIds);
      const tokenIds = this.promptIds(prompt);
      const input = { ...this.#parts, kvSequence: this.kvSequence, promptIds: tokenIds, options };
      return this.run(() => generateOnce(input, onPart, signal), signal).catch((error) => {
        // Aborted while it waited for other calls.
        if (signal.aborted && error === signal.reason) return nothingGenerated(tokenIds.length, 0);
        throw error;
      });
    };
  }

  dispose(): Promise<void> {
    // What is queued finds the model disposed; what runs ends first.
    this.#disposing ??= this.#queue.run(() => this.#parts.engine.dispose());
    return this.#disposing;
  }

  protected run<T>(task: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    return this.#queue.run(async () => {
      this.#requireLive();
      return task();
    }, signal);
  }

  #requireLive(): void {
    if (this.#disposing) throw modelDisposed();
  }

  protected promptIds(prompt: Prompt): Uint32Array {
    return promptIds(prompt, this.config, () => this.tokenizer);
  }
}
