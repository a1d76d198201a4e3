import { openSubject } from '../cpu/subjects.mjs';
import { shapes } from './shapes.mjs';
import { cacheBytes } from './subjects.mjs';

const webGpuFlags = ['--enable-unsafe-webgpu'];
const softwareFlags = [...webGpuFlags, '--use-webgpu-adapter=swiftshader'];
/** Tokens after which passes with and without the head are compared, and how many of each. */
const [headPosition, headPasses] = [128, 16];

/**
 * Every engine of a shape in a browser of its own, all loaded, then in turns, with what memory gives measured before and after
 * each. Engines that fail are told of and left out.
 */
export async function measureShape(siteUrl, shape, subjects, threads, task) {
  const { title, config } = shapes[shape];
  const { backend, rounds, prompt, tokens } = task;
  const name = `${title}, ${backend === 'wasm' ? `${threads} thread${threads > 1 ? 's' : ''}` : webGpuName(task)}`;
  const flags = backend === 'wasm' ? [] : task.hardware ? webGpuFlags : softwareFlags;
  const limit = backend === 'wasm' && (await openSubject(siteUrl, { page: 'cpu/page/limit.mjs' }, threads));
  const opened = new Set();
  const orLeaveOut = async (each, work) => {
    try {
      await work();
    } catch (error) {
      opened.delete(each);
      await each.browser?.close();
      console.error(`${name}: ${each.subject} is not measured: ${error.message}`);
    }
  };
  for (const each of subjects) {
    process.stderr.write(`${name}: loading ${each.subject}\n`);
    const counted = backend === 'webgpu' ? { page: 'models/page/counted.mjs', engine: each.page } : { page: each.page };
    await orLeaveOut(each, async () => {
      const wanted = { ...counted, flags, file: each.file, ...each.options };
      opened.add({ ...each, ...(await openSubject(siteUrl, wanted, threads)), figures: {} });
    });
  }
  let seed = 1;
  const ids = (n) => Array.from({ length: n }, () => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) % 49_000);
  for (const each of backend === 'webgpu' ? opened : []) {
    // wllama asks in a worker, where nothing is counted.
    if (each.subject.startsWith('wllama')) continue;
    await orLeaveOut(each, async () => {
      const counts = await call(each, 'countsOfToken', ids(1));
      add(each, 'dispatches a layer', 'count', counts.dispatches / config.nLayer);
      for (const [counter, count] of Object.entries(counts))
        add(each, `${counter} a token`, counter.startsWith('bytes') ? 'bytes' : 'count', count);
    });
  }
  const read = [];
  const readNow = async () => {
    if (!limit) return Number.NaN;
    read.push(await limit.page.evaluate(() => subject.read()));
    return read.at(-1);
  };
  for (let round = 0; round < rounds; round++) {
    for (const each of opened) {
      process.stderr.write(`${name}: round ${round + 1} of ${rounds}, ${each.subject}\n`);
      await orLeaveOut(each, async () => {
        const before = await readNow();
        const { prefillMs, decodeMs } = await call(each, 'run', ids(prompt), tokens);
        const gigabytes = (before + (await readNow())) / 2;
        // A share of the limit is of what memory gave just then: other work on the machine slows both.
        const bytes = bytesOfToken(each, config, prompt + tokens / 2);
        add(each, `prefill of ${prompt} tokens`, 'ms', prefillMs);
        add(each, 'decode', 'tokens/s', 1000 / decodeMs);
        add(each, 'limit of decode', 'tokens/s', (gigabytes * 1e9) / bytes);
        add(each, 'share of the limit', '%', (100 * bytes) / decodeMs / gigabytes / 1e6);
        const share = await call(each, 'headShare', headPosition, headPasses);
        add(each, "head's share of a token", '%', 100 * (share ?? Number.NaN));
      });
    }
  }
  for (const each of opened) add(each, 'bytes a token', 'MB', bytesOfToken(each, config, prompt + tokens / 2) / 1e6);
  await Promise.all([...opened, limit].filter(Boolean).map(({ browser }) => browser.close()));
  const rows = [...opened].flatMap(({ subject, figures }) => toRows(name, subject, figures));
  return limit ? [...toRows(name, 'limit', { 'streaming read': { unit: 'GB/s', values: read } }), ...rows] : rows;
}

const webGpuName = ({ hardware }) => (hardware ? 'WebGPU' : 'WebGPU on SwiftShader');

/** Calls what the page's subject has; undefined where it has no such thing. */
const call = ({ page }, name, ...args) =>
  page.evaluate(([name, args]) => globalThis.subject[name]?.(...args), [name, args]);

/** All weights once, for the head is the embedding, and the cache up to `positions`. */
function bytesOfToken({ bytes, weightBytes, valueBytes }, config, positions) {
  return (bytes?.weights ?? weightBytes) + cacheBytes(config, positions, valueBytes);
}

function add({ figures }, metric, unit, value) {
  if (Number.isFinite(value)) (figures[metric] ??= { unit, values: [] }).values.push(value);
}

function toRows(name, subject, figures) {
  return Object.entries(figures).map(([metric, { unit, values }]) => {
    const sorted = values.toSorted((a, b) => a - b);
    const [median, min, max] = [sorted[sorted.length >> 1], sorted[0], sorted.at(-1)];
    return { suite: 'models', case: name, subject, metric, unit, median, min, max, runs: sorted.length };
  });
}
