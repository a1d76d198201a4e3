import { readFileSync } from 'node:fs';

/** Peak resident memory of a browser's largest process of a type, in MB; NaN where /proc is not there to tell. */
export async function peakMegabytes(browser, ofType = 'renderer') {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const peaks = processInfo.filter(({ type }) => type === ofType).map(({ id }) => peakOf(id));
  return Math.max(...peaks);
}

function peakOf(pid) {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1000;
  } catch {
    return Number.NaN;
  }
}
