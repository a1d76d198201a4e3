import { startChat } from '../chat/start-chat.ts';
import type { ModelSource } from '../checkpoint/open-source.ts';
import type { GptModel } from '../loaded-model/gpt-model.ts';
import { LoadedModel } from '../loaded-model/loaded-model.ts';
import type { ResolvedLoadOptions } from '../loading/load-options.ts';
import { adapterReader } from './adapter-reader.ts';
import { openCalls } from './open-calls.ts';
import { ownDrafts } from './own-drafts.ts';

/** Loads a model where its options say, with all that users see of it. */
export async function loadGptModel(source: ModelSource | undefined, options: ResolvedLoadOptions): Promise<GptModel> {
  return withTasks(
    new LoadedModel(await openCalls(source, options), startChat, ownDrafts(options), adapterReader(options)),
  );
}

/** Gives a model with a fine-tuned head the tasks of gptlet/heads, whose code others do not load. */
async function withTasks(model: GptModel): Promise<GptModel> {
  if (!model.config.head) return model;
  const { createClassifier } = await import('../heads/classifier.ts');
  const { classify, entail, similarity, choose } = createClassifier(model);
  return Object.assign(model, { classify, entail, similarity, choose });
}
