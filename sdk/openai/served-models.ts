import { show } from '../errors/show.ts';
import type { ChatModel } from '../loaded-model/chat-options.ts';
import type { GptModel } from '../loaded-model/gpt-model.ts';
import { ApiError, badRequest } from './api-error.ts';

/** A model that answers requests, or what loads one: it is called with the first request for the model, and again after it has failed. */
export type ServedModel = ChatModel | (() => Promise<ChatModel>);

/** Models by the names that requests call them. */
export class ServedModels {
  readonly #models: Readonly<Record<string, ServedModel>>;
  readonly #loading: Map<string, Promise<ChatModel>> = new Map();
  readonly #created: number = unixTime();

  constructor(models: Readonly<Record<string, ServedModel>>) {
    this.#models = models;
  }

  /** All, as `GET /v1/models` lists them. */
  list(): object {
    return { object: 'list', data: Object.keys(this.#models).map((name) => this.describe(name)) };
  }

  /** As `GET /v1/models/{name}` does. @throws ApiError 404 */
  describe(name: string): object {
    this.#require(name);
    return { id: name, object: 'model', created: this.#created, owned_by: 'gptlet' };
  }

  /** Loads it if need be. @throws ApiError 404; 503 for one that does not load */
  async open(name: string): Promise<ChatModel> {
    const model = this.#require(name);
    if (typeof model !== 'function') return model;
    let loading = this.#loading.get(name);
    if (!loading) {
      loading = (async () => model())();
      this.#loading.set(name, loading);
    }
    try {
      return await loading;
    } catch (error) {
      // Others that waited may have begun anew.
      if (this.#loading.get(name) === loading) this.#loading.delete(name);
      const why = error instanceof Error ? error.message : String(error);
      throw new ApiError(503, `The model ${show(name)} could not be loaded: ${why}`, 'model', 'model_not_loaded');
    }
  }

  #require(name: string): ServedModel {
    if (Object.hasOwn(this.#models, name)) return this.#models[name];
    const names = Object.keys(this.#models).map(show).join(', ');
    throw new ApiError(404, `There is no model ${show(name)}; there are ${names}.`, 'model', 'model_not_found');
  }
}

/** What a loaded model has, and another one that chats need not have. @throws ApiError 400 */
export function requireAbility<Name extends 'generate' | 'embed' | 'score' | 'tokenizer'>(
  model: ChatModel,
  ability: Name,
  name: string,
): ChatModel & Pick<GptModel, Name> {
  if (ability in model) return model as ChatModel & Pick<GptModel, Name>;
  throw badRequest(`The model ${show(name)} chats alone: it has no ${ability}.`, 'model', 'model_not_supported');
}

/** Seconds since 1970, as OpenAI's objects carry them. */
export const unixTime = (): number => Math.floor(Date.now() / 1000);
