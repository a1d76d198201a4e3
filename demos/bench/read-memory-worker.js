import { readingModule } from './simd-module.js';

/** How long one measurement takes. */
const milliseconds = 400;

// One of the threads that read memory together: is sent how many bytes are its own, answers when they are there, begins when
// it is told to, and answers with bytes a second.
addEventListener(
  'message',
  async ({ data: bytes }) => {
    const { instance } = await WebAssembly.instantiate(readingModule(bytes));
    const { run, memory } = /** @type {{ run(from: number, to: number): number, memory: WebAssembly.Memory }} */ (
      /** @type {unknown} */ (instance.exports)
    );
    new Uint8Array(memory.buffer).fill(1); // pages that were never written are all the same one
    run(0, bytes);
    addEventListener('message', () => {
      const start = performance.now();
      let [read, elapsed] = [0, 0];
      while (elapsed < milliseconds) {
        run(0, bytes);
        read += bytes;
        elapsed = performance.now() - start;
      }
      postMessage((1000 * read) / elapsed);
    });
    postMessage('ready');
  },
  { once: true },
);
