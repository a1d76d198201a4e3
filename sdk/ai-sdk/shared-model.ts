import { GptletError } from '../errors/gptlet-error.ts';
import type { ChatModel } from '../loaded-model/chat-options.ts';

/** A model that is loaded with its first use, for all that use it. */
export interface SharedModel {
  readonly modelId: string;
  get(): Promise<ChatModel>;
  /** Hears of an error of its: one that has died is loaded again by the next call. */
  failed(error: unknown): void;
}

/** One that was loaded by somebody else, whose affair it stays. */
export function givenModel(model: ChatModel): SharedModel {
  const { config } = model as { config?: { architecture?: string } };
  return { modelId: config?.architecture ?? 'chat-model', get: async () => model, failed: () => {} };
}

/** Models by their ids. A load that failed is tried again by the next call. */
export class SharedModels {
  readonly #load: (id: string) => Promise<ChatModel>;
  readonly #loaded = new Map<string, Promise<ChatModel>>();

  constructor(load: (id: string) => Promise<ChatModel>) {
    this.#load = load;
  }

  byId(modelId: string): SharedModel {
    return {
      modelId,
      get: () => this.#get(modelId),
      failed: (error) => {
        const isGone = GptletError.isInstance(error) && ['WORKER_FAILED', 'DISPOSED'].includes(error.code);
        if (isGone) this.#loaded.delete(modelId);
      },
    };
  }

  async dispose(): Promise<void> {
    const models = [...this.#loaded.values()];
    this.#loaded.clear();
    // What did not load holds nothing, and was told to whoever asked for it.
    await Promise.allSettled(models.map(async (model) => ((await model) as { dispose?(): unknown }).dispose?.()));
  }

  #get(id: string): Promise<ChatModel> {
    let model = this.#loaded.get(id);
    if (!model) {
      model = this.#load(id);
      this.#loaded.set(id, model);
      model.catch(() => this.#loaded.delete(id));
    }
    return model;
  }
}
