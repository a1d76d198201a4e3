import { GptletError } from '../../errors/gptlet-error.ts';
import type { PageServices } from './page-services.ts';

let services: PageServices | undefined;

/** Keeps what the page gave with its greeting. */
export function setPage(given: PageServices): void {
  services = given;
}

/** The page that greeted this worker. */
export function page(): PageServices {
  if (!services)
    throw new GptletError('WORKER_FAILED', 'The worker was used before it was greeted: call hello() first.');
  return services;
}
