import { fromOutcome } from '../outcome.ts';
import { page } from './page.ts';

/** Stands in a worker for the function of the same name in sdk/tokenizer. */
export async function everyKindOnDemand(): Promise<Uint8Array<ArrayBuffer>> {
  return fromOutcome(await page().everyKind());
}
