import { GptletError } from '../api/errors.ts';
import type { Engine } from '../backends/engine.ts';
import type { GenerationDefaults } from '../checkpoint/checkpoint.ts';
import type { ModelConfig } from '../model/config.ts';
import { checkSignal } from '../platform/check-signal.ts';
import { invalidOption } from '../sampler/resolve-sampling-options.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { generateOnce } from './generate-once.ts';
import { type GenerateOptions, resolveGenerateOptions } from './generate-options.ts';
import { createGeneration, type Generation, nothingGenerated, type RunGeneration } from './generation.ts';
import type {
  EmbedOptions,
  GptModel,
  Inspection,
  InspectOptions,
  Prompt,
  Score,
  ScoreOptions,
  ScoreText,
} from './gpt-model.ts';
import type { HeadWeights } from './head-weights.ts';
import { KvSequence } from './kv-sequence.ts';
import { noTokenizer } from './no-tokenizer.ts';
import { checkIds, promptIds } from './prompt-ids.ts';
import { Queue } from './queue.ts';
import { scoreBatch } from './score-batch.ts';
import { scoreInput, summarise } from './scoring.ts';
import { sharedPrefix } from './shared-prefix.ts';

/** What a loaded model consists of. */
export interface LocalModelParts {
  readonly engine: Engine;
  readonly config: ModelConfig;
  readonly tokenizer: Tokenizer | undefined;
  readonly generationDefaults: GenerationDefaults;
  readonly head: HeadWeights | undefined;
}

/** A model in the thread that calls it: the whole of {@link GptModel} over an engine. */
export class LocalModel implements GptModel {
  readonly #parts: LocalModelParts;
  readonly #kvSequence: KvSequence;
  readonly #queue = new Queue();
  #disposing: Promise<void> | undefined;

  constructor(parts: LocalModelParts) {
    this.#parts = parts;
    this.#kvSequence = new KvSequence(parts.engine);
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

  generate(prompt: Prompt, options: GenerateOptions = {}): Generation {
    return createGeneration(this.generationRun(prompt, options), options.signal);
  }

  /** The run behind {@link generate}, for a worker that keeps the two views on its other side. */
  generationRun(prompt: Prompt, given: GenerateOptions): RunGeneration {
    return async (onPart, signal) => {
      this.#requireLive();
      const options = resolveGenerateOptions(given, this.#parts.generationDefaults, this.config.eosTokenIds);
      const tokenIds = this.#promptIds(prompt);
      const input = { ...this.#parts, kvSequence: this.#kvSequence, promptIds: tokenIds, options };
      return this.#run(() => generateOnce(input, onPart, signal), signal).catch((error) => {
        // Aborted while it waited for other calls.
        if (signal.aborted && error === signal.reason) return nothingGenerated(tokenIds.length, 0);
        throw error;
      });
    };
  }

  forward(tokenIds: Uint32Array | readonly number[], options: { signal?: AbortSignal } = {}): Promise<Float32Array> {
    return this.#run(async () => {
      const { logits } = await this.#pass(checkIds(tokenIds, this.config), { logits: 'all', signal: options.signal });
      return logits as Float32Array;
    }, options.signal);
  }

  async score(input: ScoreText, options: ScoreOptions = {}): Promise<Score> {
    return (await this.scoreBatch([input], options))[0];
  }

  scoreBatch(inputs: readonly ScoreText[], options: ScoreOptions = {}): Promise<Score[]> {
    return this.#run(async () => {
      const { tokenizer, config } = this;
      const tokens = inputs.map((input) => scoreInput(input, tokenizer, config.bosTokenId));
      const logprobs = await scoreBatch(this.#kvSequence, config, tokens, options);
      return tokens.map(({ tokenIds, countFrom }, i) =>
        summarise(tokenIds.subarray(countFrom), logprobs[i], tokenizer),
      );
    }, options.signal);
  }

  embed(text: string, options: EmbedOptions = {}): Promise<Float32Array> {
    return this.#run(async () => {
      const { pooling = 'last' } = options;
      if (pooling !== 'last' && pooling !== 'mean') throw invalidOption('pooling', pooling, "'last' or 'mean'");
      const C = this.config.nEmbd;
      const tokenIds = this.#promptIds(text);
      const { hidden } = await this.#pass(tokenIds, {
        logits: 'none',
        hidden: pooling === 'mean' ? 'all' : 'last',
        signal: options.signal,
      });
      const rows = (hidden as Float32Array).length / C;
      const mean = new Float32Array(C);
      for (let r = 0; r < rows; r++) for (let c = 0; c < C; c++) mean[c] += (hidden as Float32Array)[r * C + c] / rows;
      if (!options.normalize) return mean;
      const length = Math.hypot(...mean);
      return length > 0 ? mean.map((value) => value / length) : mean;
    }, options.signal);
  }

  inspect(prompt: Prompt, options: InspectOptions = {}): Promise<Inspection> {
    return this.#run(async () => {
      const tokenIds = this.#promptIds(prompt);
      const { attention, hiddenStates } = await this.#pass(tokenIds, {
        logits: 'none',
        inspect: true,
        signal: options.signal,
      });
      return {
        tokenIds,
        ...(options.attention === false ? {} : { attention }),
        ...(options.hiddenStates === false ? {} : { hiddenStates }),
      };
    }, options.signal);
  }

  async classifyIds(
    tokenIds: Uint32Array | readonly number[],
    options: { signal?: AbortSignal } = {},
  ): Promise<Float32Array> {
    return (await this.classifyIdsBatch([tokenIds], options))[0];
  }

  classifyIdsBatch(
    sequences: readonly (Uint32Array | readonly number[])[],
    { signal }: { signal?: AbortSignal } = {},
  ): Promise<Float32Array[]> {
    return this.#run(async () => {
      const { head } = this.#parts;
      if (!head) {
        throw new GptletError(
          'UNSUPPORTED_MODEL',
          'This checkpoint has only a language-model head; load one that was fine-tuned for classification, or use zeroShot.',
        );
      }
      const checked = sequences.map((tokenIds) => checkIds(tokenIds, this.config));
      if (checked.length === 0) return [];
      const shared = sharedPrefix(checked, Math.min(...checked.map(({ length }) => length)) - 1);
      const rests = checked.map((tokenIds) => tokenIds.subarray(shared));
      const options = { logits: 'none', hidden: 'last', signal } as const;
      const results = await this.#kvSequence.forwardBatch(checked[0].subarray(0, shared), rests, options);
      return results.map(({ hidden }) => head.logits(hidden as Float32Array));
    }, signal);
  }

  dispose(): Promise<void> {
    // What is queued finds the model disposed; what runs ends first.
    this.#disposing ??= this.#queue.run(() => this.#parts.engine.dispose());
    return this.#disposing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  async #run<T>(task: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    checkSignal(signal);
    return this.#queue.run(async () => {
      this.#requireLive();
      return task();
    }, signal);
  }

  #requireLive(): void {
    if (this.#disposing) throw new GptletError('DISPOSED', 'The model was disposed; load it again with loadModel().');
  }

  #promptIds(prompt: Prompt): Uint32Array {
    return promptIds(prompt, this.config, () => this.tokenizer);
  }

  /** One pass from position 0, outside the generation's prefix reuse: it overwrites slot 0. */
  #pass(tokenIds: Uint32Array, options: Parameters<Engine['forward']>[2]): ReturnType<Engine['forward']> {
    options?.signal?.throwIfAborted();
    this.#kvSequence.clear();
    return this.#parts.engine.forward(tokenIds, 0, options);
  }
}
