import type { CreateMonitorTarget } from './dictionaries.ts';
import { getHandler, setHandler } from './event-handlers.ts';

/** What `monitor` is called with. */
class CreateMonitor extends EventTarget implements CreateMonitorTarget {
  get ondownloadprogress(): CreateMonitorTarget['ondownloadprogress'] {
    return getHandler(this, 'downloadprogress');
  }

  set ondownloadprogress(handler: CreateMonitorTarget['ondownloadprogress']) {
    setHandler(this, 'downloadprogress', handler);
  }
}

/** No two events are closer than this, but the first and the last. */
const pauseMs = 50;
/** Progress is told in so many steps. */
const steps = 2 ** 16;

/**
 * Hands a page its monitor.
 *
 * @returns tells how far the download is, from 0 to 1; what is no progress is not told, and nothing once `signal` has fired
 * @throws what `monitor` throws
 */
export function watchDownload(
  monitor: ((monitor: CreateMonitorTarget) => void) | undefined,
  signal: AbortSignal | undefined,
): (fraction: number) => void {
  if (!monitor) return () => {};
  const target = new CreateMonitor();
  monitor(target);
  let last = -1;
  let lastTime = -Infinity;
  return (fraction) => {
    const loaded = Math.floor(fraction * steps) / steps;
    const now = performance.now();
    if (signal?.aborted || loaded <= last || (loaded < 1 && now - lastTime < pauseMs)) return;
    last = loaded;
    lastTime = now;
    target.dispatchEvent(progressEvent({ loaded, total: 1, lengthComputable: true }));
  };
}

/** Node has no ProgressEvent. */
const progressEvent = (progress: ProgressEventInit): Event =>
  typeof ProgressEvent === 'undefined'
    ? Object.assign(new Event('downloadprogress'), progress)
    : new ProgressEvent('downloadprogress', progress);
