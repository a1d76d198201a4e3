import { readFileSync } from 'node:fs';

/** Peak resident memory of a browser's largest process of a type, in MB; NaN where /proc is not there to tell. */
export const peakMegabytes = (browser, ofType = 'renderer') => largestProcess(browser, ofType, /VmHWM:\s+(\d+)/);

/** Resident memory, now, of the same. */
export const residentMegabytes = (browser, ofType = 'renderer') => largestProcess(browser, ofType, /VmRSS:\s+(\d+)/);

async function largestProcess(browser, ofType, field) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return Math.max(...processInfo.filter(({ type }) => type === ofType).map(({ id }) => megabytesOf(id, field)));
}

function megabytesOf(pid, field) {
  try {
    return Number(field.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1000;
  } catch {
    return Number.NaN;
  }
}
