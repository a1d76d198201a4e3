/** Longest wait in ms where nothing is painted. */
const unpainted = 100;

/**
 * Calls back before the page is painted next, and where nothing is painted (a hidden page, Node) a little later all the same.
 *
 * @returns what calls it off
 */
export function nextFrame(callback: () => void): () => void {
  const cancel = (): void => {
    clearTimeout(timer);
    if (frame !== undefined) cancelAnimationFrame(frame);
  };
  const run = (): void => {
    cancel();
    callback();
  };
  const timer = setTimeout(run, unpainted);
  const frame = globalThis.requestAnimationFrame?.(run);
  return cancel;
}
