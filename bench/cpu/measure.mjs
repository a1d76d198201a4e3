import { row } from '../row.mjs';
import { openSubject } from './subjects.mjs';

/** Products of a prefill with weights: 128 tokens through all blocks, the last one through the head. */
const prefillProducts = 128 * 12 * 12 * 768 * 768 + 768 * 50257;

/** What a row's case is called. */
export const caseOf = (threads) => `GPT-2 124M, ${threads} thread${threads > 1 ? 's' : ''}`;

/**
 * Every subject in a browser of its own at every count of threads, all loaded, then measured in turns: once to warm up, then
 * `rounds` times.
 *
 * @returns measured: `{ subject, threads, bytes, figures }` of each, limits: `{ threads, figures }` of each count. Figures are
 *   `{ unit, values }` by metric.
 */
export async function measure(siteUrl, subjects, counts, { rounds, long }) {
  const open = async (given, threads) => {
    process.stderr.write(`${threads} thread(s): loading ${given.subject ?? 'limits'}\n`);
    const opened = await openSubject(siteUrl, given, threads);
    const call = (name, ...args) =>
      opened.page.evaluate(([name, args]) => globalThis.subject[name](...args), [name, args]);
    return { ...given, ...opened, threads, call, figures: {} };
  };
  const limits = [];
  const measured = [];
  for (const threads of counts) {
    limits.push(await open({ page: 'cpu/page/limit.mjs' }, threads));
    for (const subject of subjects) measured.push(await open(subject, threads));
  }
  let seed = 1;
  const tokens = (n) => Array.from({ length: n }, () => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) % 50000);
  for (const each of measured) await each.call('run', tokens(128), 2);
  for (let round = 0; round < rounds; round++) {
    for (const each of measured) {
      const limit = limits.find(({ threads }) => threads === each.threads);
      const before = await readLimits(limit);
      const { prefillMs, decodeMs } = await each.call('run', tokens(128), 32);
      const after = await readLimits(limit);
      add(each, 'prefill of 128 tokens', 'ms', prefillMs);
      add(each, 'decode at position 128', 'tokens/s', 1000 / decodeMs);
      const own = each.subject.startsWith('gptlet');
      // Peers take a minute for a prompt of 976 tokens: once is enough for them.
      if (long && (own || (round === 0 && each.subject.startsWith('onnx'))))
        add(each, 'decode at position 1,000', 'tokens/s', 1000 / (await each.call('run', tokens(976), 32)).decodeMs);
      if (!own) continue;
      // Behind another part of the first chunks each time.
      add(
        each,
        'an aborted prefill of 1,000 tokens stops after',
        'ms',
        await each.call('abort', tokens(1000), 100 + 130 * round),
      );
      // Against what the machine gave just then: other work on it slows both.
      const shareOf = (name, billions, ms) => (200 * billions) / (ms / 1000) / (before[name] + after[name]);
      const gigabytes = bytesPerToken(each) / 1e9;
      add(each, 'share of the limit', '%', shareOf('alone', gigabytes, decodeMs));
      if (each.threads > 1) add(each, 'share of the limit of all threads', '%', shareOf('read', gigabytes, decodeMs));
      if (each.dtype === 'f32') continue;
      add(each, 'prefill, share of 16-bit dots', '%', shareOf('dots16', prefillProducts / 1e9, prefillMs));
      add(each, 'prefill, share of byte dots', '%', shareOf('dotsBytes', prefillProducts / 1e9, prefillMs));
    }
  }
  await Promise.all([...measured, ...limits].map(({ browser }) => browser.close()));
  return { measured, limits };
}

/** What the machine gives now, noted among the limit's figures. */
async function readLimits(limit) {
  const all = limit.threads > 1;
  const alone = await limit.call('readAlone');
  const { dots16, dotsBytes } = await limit.call('dots');
  const now = { alone, read: all ? await limit.call('read') : alone, dots16, dotsBytes };
  add(limit, 'streaming read', 'GB/s', alone);
  if (all) add(limit, 'streaming read of all threads', 'GB/s', now.read);
  add(limit, '16-bit dots', 'GMAC/s', dots16);
  add(limit, 'byte dots', 'GMAC/s', dotsBytes);
  return now;
}

/** The weights once, and the cache of the positions so far, 144 on average. */
const bytesPerToken = ({ bytes }) => bytes.weights + (bytes.kvCache * 144) / 1024;

function add({ figures }, metric, unit, value) {
  (figures[metric] ??= { unit, values: [] }).values.push(value);
}

export const limitRows = ({ threads, figures }) => rowsOf({ subject: 'limit', threads, figures });

export function rowsOf({ subject, threads, figures, bytes }) {
  const all = { ...figures, ...(bytes && { weights: { unit: 'MB', values: [bytes.weights / 1e6] } }) };
  return Object.entries(all).map(([metric, { unit, values }]) =>
    row('cpu', caseOf(threads), subject, metric, unit, values),
  );
}
