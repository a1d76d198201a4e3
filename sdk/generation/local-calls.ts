import { modelDisposed } from '../errors/disposed.ts';
import { GptletError } from '../errors/gptlet-error.ts';
import { nothingGenerated } from '../loaded-model/generation.ts';
import type { ModelCalls, ModelState, QueryAnswer } from '../loaded-model/model-calls.ts';
import type { AdapterParts } from '../model/adapter.ts';
import type { ChatFormat } from '../model/chat-format.ts';
import type { ModelConfig } from '../model/config.ts';
import type { GenerationDefaults } from '../model/generation-defaults.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { classificationHead, KeptAdapters } from './kept-adapters.ts';
import { KvSequence } from './kv-sequence.ts';
import type { CallContext, Generate, ModelParts } from './model-parts.ts';
import { promptIds } from './prompt-ids.ts';
import type { AnswerQueries } from './queries.ts';
import { Queue } from './queue.ts';
import type { serveDrafts } from './serve-drafts.ts';

/** What a model can be asked for. The embedded worker's generates in one way only, and answers no queries. */
export interface Abilities {
  readonly generate: Generate;
  readonly queries: Partial<AnswerQueries>;
  readonly serveDrafts?: typeof serveDrafts;
}

/** A model in the thread that calls it: one call at a time over an engine. */
export class LocalCalls implements ModelCalls {
  readonly config: ModelConfig;
  readonly generationDefaults: GenerationDefaults;
  readonly chatFormat: ChatFormat | undefined;
  readonly tokenizer: Tokenizer | undefined;
  #context: CallContext;
  readonly #abilities: Abilities;
  readonly #queue = new Queue();
  #adapters: KeptAdapters;
  #disposing: Promise<void> | undefined;

  constructor(parts: ModelParts, abilities: Abilities) {
    this.config = parts.config;
    this.generationDefaults = parts.generationDefaults;
    this.chatFormat = parts.chatFormat;
    this.tokenizer = parts.tokenizer;
    this.#context = { ...parts, kvSequence: new KvSequence(parts.engine) };
    this.#abilities = abilities;
    this.#adapters = new KeptAdapters(parts.engine, parts.config);
  }

  get state(): ModelState {
    const { backend, dtype, bytes } = this.#context.engine;
    return { backend, dtype, bytes, adapters: this.#adapters.names };
  }

  generate: ModelCalls['generate'] = async (prompt, options, onPart, signal) => {
    try {
      const tokenIds = promptIds(prompt, this.#context);
      const run = (context: CallContext) =>
        this.#abilities.generate({ ...context, promptIds: tokenIds, options }, onPart, signal);
      return await this.#run(run, signal, options.adapter).catch((error) => {
        // Aborted while it waited for other calls.
        if (signal.aborted && error === signal.reason) return nothingGenerated(tokenIds.length, 0);
        throw error;
      });
    } finally {
      // An open port would keep Node running.
      if (typeof options.draft === 'object') options.draft.close();
    }
  };

  serveDrafts(port: MessagePort): void {
    if (this.#disposing) port.close();
    else this.#abilities.serveDrafts?.(() => this.#context, this.#queue, port);
  }

  query: ModelCalls['query'] = (name, input, options, signal) =>
    this.#run(
      async (context) => {
        const answer = this.#abilities.queries[name];
        if (!answer) throw new Error(`This worker only generates; it has no ${name}().`);
        return answer(context, input, options, signal) as Promise<QueryAnswer<typeof name>>;
      },
      signal,
      options.adapter,
    );

  addAdapter: ModelCalls['addAdapter'] = (parts, name, signal) =>
    this.#run(() => this.#adapters.add(parts, name), signal, undefined);

  mergeAdapter: ModelCalls['mergeAdapter'] = (parts, signal) =>
    this.#run(() => this.#merge(parts, signal), signal, undefined);

  removeAdapter: ModelCalls['removeAdapter'] = (name) =>
    this.#run(async () => this.#adapters.remove(name), undefined, undefined);

  /** Not in turn with other calls: the engine has no part in it. */
  readWeights: ModelCalls['readWeights'] = async (onPart, signal) => {
    for await (const part of this.#live.tensors({ signal })) {
      await onPart(part);
      signal.throwIfAborted();
    }
  };

  readFiles: ModelCalls['readFiles'] = async () => {
    const { rawConfig, tokenizerFiles } = this.#live;
    return { rawConfig, tokenizerFiles };
  };

  dispose(): Promise<void> {
    // What is queued finds the model disposed; what runs ends first.
    this.#disposing ??= this.#queue.run(() => this.#context.engine.dispose());
    return this.#disposing;
  }

  /** Another engine takes the place of this one, which is there until then: a failure changes nothing. */
  async #merge({ adapter, head }: AdapterParts, signal: AbortSignal | undefined): Promise<void> {
    const { names } = this.#adapters;
    const { merge, config, engine: before } = this.#context;
    if (names.length > 0) {
      throw new GptletError(
        'INVALID_OPTION',
        `${names.map((each) => `'${each}'`).join(', ')} would be lost: unload other adapters before one is merged, and load them again.`,
      );
    }
    if (!merge) throw new Error('This model was put together without what merging takes.');
    const engine = await merge(adapter, signal);
    const kvSequence = new KvSequence(engine);
    this.#context = { ...this.#context, engine, kvSequence, ...(head && { head: classificationHead(head, config) }) };
    this.#adapters = new KeptAdapters(engine, config);
    await before.dispose();
  }

  get #live(): ModelParts['checkpoint'] {
    if (this.#disposing) throw modelDisposed();
    return this.#context.checkpoint;
  }

  /** In its turn, with an adapter and the head that came with it, or as the model is. */
  #run<T>(
    task: (context: CallContext) => Promise<T>,
    signal: AbortSignal | undefined,
    adapter: string | undefined,
  ): Promise<T> {
    return this.#queue.run(async () => {
      if (this.#disposing) throw modelDisposed();
      const kept = this.#adapters.find(adapter);
      this.#context.kvSequence.use(kept?.id);
      return task({ ...this.#context, head: kept?.head ?? this.#context.head });
    }, signal);
  }
}
