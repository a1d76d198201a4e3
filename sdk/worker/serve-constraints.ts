import { expose } from 'comlink';
import { ConstraintService } from '../constraint/constraint-service.ts';
import type { VocabularyBytes } from '../constraint/vocabulary-bytes.ts';
import { toOutcome } from './outcome.ts';
import type { ConstraintPort } from './protocol.ts';

/** Answers calls of constraints over a vocabulary on a port. */
export function serveConstraints(vocabulary: VocabularyBytes, port: MessagePort): void {
  const service = new ConstraintService(vocabulary);
  const calls: ConstraintPort = {
    open: (...args) => toOutcome(async () => service.open(...args)),
    accept: (...args) => toOutcome(async () => service.accept(...args)),
    close: (id) => toOutcome(async () => service.close(id)),
  };
  expose(calls, port);
}
