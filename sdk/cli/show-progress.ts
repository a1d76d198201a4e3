import type { LoadProgress } from '../loading/load-options.ts';

/** One line that is written over, and only where somebody watches. */
export function showProgress({ stage, fraction }: LoadProgress): void {
  if (!process.stderr.isTTY) return;
  process.stderr.write(`\r${stage} ${(100 * fraction).toFixed(0)} %   ${stage === 'ready' ? '\r\x1b[K' : ''}`);
}
