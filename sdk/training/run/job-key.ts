import { version } from '../../platform/version.ts';
import type { TrainingItem, TrainingJob } from '../training-job.ts';
import { Fingerprint } from './fingerprint.ts';

/** Names a job on a body: the same one finds its state again. Where it runs does not matter. */
export function jobKey(job: TrainingJob, body: string): string {
  const { learn, held, backend: _backend, threads: _threads, ...rest } = job;
  const print = new Fingerprint();
  print.text(JSON.stringify([version, body, rest]));
  for (const items of [learn, held]) {
    print.word(items.length);
    for (const item of items) addItem(print, item);
  }
  return print.toString();
}

function addItem(print: Fingerprint, { sequences, outputs = [] }: TrainingItem): void {
  for (const { tokenIds, targets = [] } of sequences) {
    print.words(tokenIds);
    print.words(targets);
  }
  for (const { places, target, weight = 1 } of outputs) {
    for (const { sequence, token } of places) print.words([sequence, token]);
    print.words(new Uint32Array(Float64Array.from([...target, weight]).buffer));
  }
}
