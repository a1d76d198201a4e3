import type { ServedModels } from './served-models.ts';

/**
 * Answers a request's body. What it throws becomes an error's response.
 *
 * @param stop ends what the model does for the request; an endpoint that streams aborts it when nobody reads on
 */
export type Endpoint = (
  body: Readonly<Record<string, unknown>>,
  models: ServedModels,
  stop: AbortController,
) => Promise<Response>;
