import { adapterReader } from '../api/adapter-reader.ts';
import { startChat } from '../chat/start-chat.ts';
import type { ModelSource } from '../checkpoint/open-source.ts';
import { LoadedModel } from '../loaded-model/loaded-model.ts';
import { loadHere } from '../loading/load-here.ts';
import type { LocalLoadOptions } from '../loading/load-options.ts';
import { noDrafts } from './no-drafts.ts';

/** A model in this thread. */
export const loadModelHere = async (source: ModelSource, options: LocalLoadOptions): Promise<LoadedModel> =>
  new LoadedModel(await loadHere(source, options), startChat, noDrafts, adapterReader(options));
