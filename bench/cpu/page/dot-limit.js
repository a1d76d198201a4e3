// The limit of a prefill: how many products of integers one thread makes, out of registers. The module is dot-limit.as.

/** Products of one step of each function. */
const products = { dots16: 12 * 8, dotsBytes: 12 * 16, dotsSplit: 12 * 16, dotsPaired: 12 * 32 };
const steps = 5_000_000;

/**
 * GFLOP/s, two for each product, as medians of five: of 16-bit dots, which every machine has, of byte dots (VNNI, dotprod), and of
 * bytes summed in 16 bits. A byte dot is worth more than a 16-bit one only where one instruction makes it.
 * @param {WebAssembly.Module} module
 */
export async function dotLimit(module) {
  const { exports } = await WebAssembly.instantiate(module, {});
  const measured = Object.entries(products).map(([name, count]) => {
    exports[name](steps); // by now the optimising compiler has it
    const times = Array.from({ length: 5 }, () => {
      const start = performance.now();
      exports[name](steps);
      return performance.now() - start;
    });
    return [name, (2 * count * steps) / times.sort((a, b) => a - b)[2] / 1e6];
  });
  return Object.fromEntries(measured);
}

/** As a subject of the benchmark: run() -> { dots16, dotsBytes, dotsPaired } in GFLOP/s. */
export async function load() {
  const module = await WebAssembly.compileStreaming(fetch('/models/dot-limit.wasm'));
  return { run: () => dotLimit(module) };
}
