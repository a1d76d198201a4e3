import { generateOne } from '../../generation/generate-one.ts';
import type { Engines } from '../../loading/engines.ts';
import type { Loader } from '../../loading/load-calls.ts';
import { openEmbeddedModel } from './open-embedded-model.ts';

/** Loads the embedded model, which then generates in the plain way. */
export const embeddedLoader = (warn: Loader['warn'], engines: Engines): Loader => ({
  open: openEmbeddedModel,
  engines,
  warn,
  generate: generateOne,
  queries: {},
});
