import type { LoadedModel } from '../../loaded-model/loaded-model.ts';
import { loadModelHere } from '../../testing/load-model-here.ts';
import { chatModelFiles } from './chat-model.ts';

/** {@link chatModelFiles}, loaded in this thread. */
export const loadChatModel = ({
  contextLength,
  seed,
  ...change
}: { contextLength?: number; seed?: number } & Record<string, unknown> = {}): Promise<LoadedModel> =>
  loadModelHere(chatModelFiles(change, seed), {
    backend: 'wasm',
    dtype: 'f32',
    contextLength,
    threads: 1,
    cache: false,
    hub: undefined,
  });
