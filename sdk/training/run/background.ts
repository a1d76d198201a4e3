import type { JobProgress } from '../training-job.ts';

/** Notices that a page is hidden while it trains: it goes on, but may be slower, and its user should hear so. */
export function watchBackground(): {
  mark(progress: JobProgress): JobProgress;
  warnings(): string[];
  end(): void;
} {
  let since = document.hidden ? performance.now() : undefined;
  let hiddenMs = 0;
  const look = (): void => {
    const now = performance.now();
    if (since !== undefined) hiddenMs += now - since;
    since = document.hidden ? now : undefined;
  };
  document.addEventListener('visibilitychange', look);
  return {
    mark: (progress) => (document.hidden ? { ...progress, inBackground: true } : progress),
    warnings() {
      look();
      if (hiddenMs < 1000) return [];
      return [
        `The page was in the background for ${Math.round(hiddenMs / 1000)} s of the training, where browsers may give it less time.`,
      ];
    },
    end: () => document.removeEventListener('visibilitychange', look),
  };
}
