import type { ModelSource } from '../checkpoint/open-checkpoint.ts';

export type { LoadOptions } from '../loading/load-options.ts';

/** Options of `generate()` that are not the generation's own. */
export interface ModelOption {
  /** @default the embedded model */
  model?: ModelSource;
}
