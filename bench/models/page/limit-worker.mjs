const bytes = 512 * 2 ** 20;
const passes = 4;
const memory = new WebAssembly.Memory({ initial: bytes / 65536 + 1, maximum: bytes / 65536 + 1 });
const response = fetch('/models/streaming-read.wasm');
/** Of all workers on one clock. */
const now = () => performance.timeOrigin + performance.now();
let sum;

const calls = {
  async fill() {
    const { instance } = await WebAssembly.instantiate(await (await response).arrayBuffer(), { env: { memory } });
    sum = instance.exports.sum;
    new Uint8Array(memory.buffer).fill(1); // pages that were never written are all the same one
    sum(65536, bytes);
  },
  read() {
    const start = now();
    for (let pass = 0; pass < passes; pass++) sum(65536, bytes);
    return { start, end: now(), bytes: passes * bytes };
  },
};

self.onmessage = async ({ data }) => postMessage(await calls[data]());
