import { proxy, transfer, wrap } from 'comlink';
import type { ConstraintCalls } from '../constraint/constraint-calls.ts';
import type { VocabularyBytes } from '../constraint/vocabulary-bytes.ts';
import { decodeError, fromOutcome, type Outcome } from './outcome.ts';
import type { ConstraintPort, PageServices } from './protocol.ts';

/** Calls of constraints from a model's worker to the worker that follows them: past the page, which may be busy. */
export async function connectConstraints(page: PageServices, vocabulary: VocabularyBytes): Promise<ConstraintCalls> {
  const { port1, port2 } = new MessageChannel();
  let fail: (error: Error) => void = () => {};
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  failed.catch(() => port1.close());
  const onFailure = proxy(async (error: Parameters<typeof decodeError>[0]) => fail(decodeError(error)));
  fromOutcome(await page.connectConstraints(vocabulary, transfer(port2, [port2]), onFailure));
  const calls = wrap<ConstraintPort>(port1);
  const answer = async <T>(outcome: Promise<Outcome<T>>): Promise<T> =>
    fromOutcome(await Promise.race([outcome, failed]));
  return {
    open: (...args) => answer(calls.open(...args)),
    accept: (...args) => answer(calls.accept(...args)),
    close: (id) => answer(calls.close(id)),
  };
}
