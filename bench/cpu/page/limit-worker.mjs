const bytes = 512 * 2 ** 20;
const passes = 4;
const steps = 20_000_000;
/** Products of a step, see dot-limit.as. */
const products = { dots16: 12 * 8, dotsBytes: 12 * 16 };
const memory = new WebAssembly.Memory({ initial: bytes / 65536 + 1, maximum: bytes / 65536 + 1 });
const load = async (name, imports) =>
  (await WebAssembly.instantiate(await (await fetch(`/models/${name}.wasm`)).arrayBuffer(), imports)).instance.exports;
const modules = Promise.all([load('streaming-read', { env: { memory } }), load('dot-limit', {})]);
/** Of all workers on one clock. */
const now = () => performance.timeOrigin + performance.now();
let sum;
let dots;

const calls = {
  async prepare() {
    [{ sum }, dots] = await modules;
    new Uint8Array(memory.buffer).fill(1); // pages that were never written are all the same one
    // By the second time the optimising compiler has them.
    for (let i = 0; i < 2; i++) {
      sum(65536, bytes);
      for (const name in products) dots[name](steps);
    }
  },
  read() {
    const start = now();
    for (let pass = 0; pass < passes; pass++) sum(65536, bytes);
    return { start, end: now(), work: passes * bytes };
  },
  dots16: () => multiply('dots16'),
  dotsBytes: () => multiply('dotsBytes'),
};

function multiply(name) {
  const start = now();
  dots[name](steps);
  return { start, end: now(), work: steps * products[name] };
}

self.onmessage = async ({ data }) => postMessage(await calls[data]());
