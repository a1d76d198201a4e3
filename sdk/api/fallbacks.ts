import type { ModelSource } from '../checkpoint/open-source.ts';
import type { GptModel } from '../loaded-model/gpt-model.ts';
import type { RemoteModel } from '../loaded-model/remote-model.ts';
import type { ResolvedLoadOptions } from '../loading/load-options.ts';
import type { FallbackOptions } from './fallback-options.ts';

type LoadOrFallBack = (
  source: ModelSource | undefined,
  options: ResolvedLoadOptions,
  fallback: RemoteModel,
  when: FallbackOptions['when'],
  load: () => Promise<GptModel>,
) => Promise<GptModel | RemoteModel>;

/** What `connect` gave, and how a model is loaded that has it for a fallback: so pages that connect to nothing do not hold the code. */
export const fallbacks: WeakMap<object, LoadOrFallBack> = /* @__PURE__ */ new WeakMap();
