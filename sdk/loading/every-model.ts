import { generateEveryWay } from '../generation/generate-every-way.ts';
import { answerQueries } from '../generation/queries.ts';
import { serveDrafts } from '../generation/serve-drafts.ts';
import type { Engines } from './engines.ts';
import type { Loader } from './load-calls.ts';
import { openModel } from './open-model.ts';
import type { Surroundings } from './surroundings.ts';

/** Loads every model, which then answers every call. */
export const everyModel = (surroundings: Surroundings, engines: Engines): Loader => ({
  open: (source, options) => openModel(source, options, surroundings),
  engines,
  warn: surroundings.warn,
  generate: generateEveryWay(surroundings.connectConstraints, surroundings.warn),
  queries: answerQueries,
  serveDrafts,
});
