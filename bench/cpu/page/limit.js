// The limit of decoding: how fast one thread of this page reads memory, over 512 MB.

const bytes = 512 * 2 ** 20;

export async function load() {
  const memory = new WebAssembly.Memory({ initial: bytes / 65536 + 1, maximum: bytes / 65536 + 1 });
  const response = await fetch('/models/streaming-read.wasm');
  const { instance } = await WebAssembly.instantiate(await response.arrayBuffer(), { env: { memory } });
  new Uint8Array(memory.buffer).fill(1); // pages that were never written are all the same one
  return {
    run() {
      const times = Array.from({ length: 5 }, () => {
        const start = performance.now();
        instance.exports.sum(65536, bytes);
        return performance.now() - start;
      });
      const median = times.sort((a, b) => a - b)[2];
      return { gigabytesPerSecond: bytes / median / 1e6 };
    },
  };
}
