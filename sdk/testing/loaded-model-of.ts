import { adapterReader } from '../api/adapter-reader.ts';
import { startChat } from '../chat/start-chat.ts';
import type { ConnectConstraints } from '../constraint/constraint-calls.ts';
import { generateEveryWay } from '../generation/generate-every-way.ts';
import { LocalCalls } from '../generation/local-calls.ts';
import type { ModelParts } from '../generation/model-parts.ts';
import { answerQueries } from '../generation/queries.ts';
import { serveDrafts } from '../generation/serve-drafts.ts';
import { LoadedModel } from '../loaded-model/loaded-model.ts';
import { importOnDemand } from '../loading/import-on-demand.ts';
import { noDrafts } from './no-drafts.ts';

/** A model of the parts given, in this thread, that answers every call. */
export const loadedModelOf = (
  parts: ModelParts,
  connect: ConnectConstraints = importOnDemand.connectConstraints,
): LoadedModel =>
  new LoadedModel(
    new LocalCalls(parts, {
      generate: generateEveryWay(connect, importOnDemand.warn),
      queries: answerQueries,
      serveDrafts,
    }),
    startChat,
    noDrafts,
    adapterReader({ hub: undefined, cache: false }),
  );
