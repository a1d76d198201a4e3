/** Says in words how far a load is, and how long it will still take. @returns {(progress: import('gptlet').LoadProgress) => string} */
export function loadTeller() {
  /** @type {{ at: number, bytes: number } | undefined} */
  let first;
  return ({ stage, loadedBytes, totalBytes }) => {
    if (stage !== 'download')
      return { config: 'Opening the model …', ready: '' }[/** @type {string} */ (stage)] ?? 'Preparing …';
    first ??= { at: performance.now(), bytes: loadedBytes };
    const seconds = (performance.now() - first.at) / 1000;
    const left = ((totalBytes - loadedBytes) * seconds) / (loadedBytes - first.bytes);
    const time = seconds > 1 && Number.isFinite(left) ? `, ${Math.ceil(left)} s left` : '';
    return `Loading: ${megabytes(loadedBytes)} of ${megabytes(totalBytes)}${time}`;
  };
}

/** @param {number} bytes */
export const megabytes = (bytes) =>
  bytes < 1e9 ? `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
