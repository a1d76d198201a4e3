import type { RemoteModel } from '../loaded-model/remote-model.ts';
import { type ConnectOptions, resolveServer } from '../remote/connect-options.ts';
import { ConnectedModel } from '../remote/connected-model.ts';
import { fallbacks } from './fallbacks.ts';

/**
 * A model on a server that speaks OpenAI's protocol (vLLM, SGLang, llama.cpp's server, TGI, OpenAI's own), with `generate` and `chat` of
 * a loaded one. Sends nothing by itself; its code comes with the first call.
 *
 * @throws GptletError INVALID_OPTION
 * @example
 * const model = connect({ baseURL: 'https://cluster.example.org/v1', model: 'Qwen/Qwen3-32B' });
 * for await (const { text } of model.chat([{ role: 'user', content: 'Hello!' }])) if (text) bubble.append(text);
 */
export function connect(options: ConnectOptions): RemoteModel {
  const model = new ConnectedModel(resolveServer(options));
  fallbacks.set(model, async (...given) => (await import('./load-or-fall-back.ts')).loadOrFallBack(...given));
  return model;
}
