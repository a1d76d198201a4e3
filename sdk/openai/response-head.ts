import { unixTime } from './served-models.ts';

/** What all objects of one answer have in common. */
export interface ResponseHead {
  readonly id: string;
  /** Seconds since 1970. */
  readonly created: number;
  readonly model: string;
}

export const responseHead = (prefix: string, model: string): ResponseHead => ({
  // Not crypto.randomUUID, which pages have over HTTPS alone; nothing hangs on it but telling answers apart.
  id: `${prefix}-${Math.random().toString(36).slice(2)}${Math.random().toString(36).slice(2)}`,
  created: unixTime(),
  model,
});
