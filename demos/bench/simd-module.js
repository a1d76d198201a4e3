// Two small WebAssembly modules, written down instruction by instruction: they measure the machine, not gptlet.
// Numbers are those of the WebAssembly specification's binary format.

const [i32, v128] = [0x7f, 0x7b];
const [localGet, localSet, i32Const, i32Add, i32Less, end] = [0x20, 0x21, 0x41, 0x6a, 0x49, 0x0b];
const simd = {
  load: [0xfd, 0x00],
  splat8: [0xfd, 0x0f],
  lane32: [0xfd, 0x1b],
  add32: [0xfd, 0xae, 0x01],
  relaxedDot: [0xfd, 0x93, 0x02],
};

/** Adds up what stands in memory from one address to another, both multiples of 128: `run(from, to)`. */
export function readingModule(/** @type {number} */ bytes) {
  const [from, to] = [0, 1];
  const sums = [2, 3, 4, 5];
  const reads = Array.from({ length: 8 }, (_, i) => {
    const sum = sums[i % sums.length];
    return [localGet, sum, localGet, from, ...simd.load, 4, ...unsigned(16 * i), ...simd.add32, localSet, sum];
  }).flat();
  const step = [localGet, from, i32Const, ...signed(128), i32Add, localSet, from];
  const again = [localGet, from, localGet, to, i32Less, 0x0d, 0]; // br_if
  const total = [localGet, 2, localGet, 3, ...simd.add32, localGet, 4, ...simd.add32, localGet, 5, ...simd.add32];
  const body = [1, 4, v128, 0x03, 0x40, ...reads, ...step, ...again, end, ...total, ...simd.lane32, 0, end];
  return moduleOf([i32, i32], body, bytes / 65536);
}

/** Four times the product of the bytes 127 and 255, as relaxed SIMD has it: `run()`. */
export function byteProductModule() {
  const bytes = (/** @type {number} */ value) => [i32Const, ...signed(value), ...simd.splat8];
  const body = [0, ...bytes(127), ...bytes(255), ...bytes(0), ...simd.relaxedDot, ...simd.lane32, 0, end];
  return moduleOf([], body, 0);
}

/** A module that exports one function, `run`, and its memory of some pages. */
function moduleOf(/** @type {number[]} */ parameters, /** @type {number[]} */ body, /** @type {number} */ pages) {
  const name = (/** @type {string} */ text) => [text.length, ...new TextEncoder().encode(text)];
  const section = (/** @type {number} */ id, /** @type {number[]} */ content) => [
    id,
    ...unsigned(content.length),
    ...content,
  ];
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, parameters.length, ...parameters, 1, i32]),
    ...section(3, [1, 0]),
    ...section(5, [1, 0, ...unsigned(pages)]),
    ...section(7, [2, ...name('run'), 0, 0, ...name('memory'), 2, 0]),
    ...section(10, [1, ...unsigned(body.length), ...body]),
  ]);
}

/** LEB128. @param {number} value @returns {number[]} */
const unsigned = (value) => (value < 128 ? [value] : [(value % 128) + 128, ...unsigned(Math.floor(value / 128))]);
/** LEB128 of a number from 0 on, whose last byte's sixth bit is the sign. @param {number} value @returns {number[]} */
const signed = (value) => (value < 64 ? [value] : [(value % 128) + 128, ...signed(Math.floor(value / 128))]);
