/** A permuted congruential generator as a hash (PCG-RXS-M-XS-32; Jarzynski and Olano, 2020): 32 bits to 32 bits. */
function pcgHash(value: number): number {
  const state = (Math.imul(value, 747796405) + 2891336453) >>> 0;
  const word = Math.imul((state >>> ((state >>> 28) + 4)) ^ state, 277803737) >>> 0;
  return ((word >>> 22) ^ word) >>> 0;
}

/**
 * The random number of a value that dropout may take, 0 … 2³² - 1: whoever asks gets the same, forward, back and done again. It is
 * taken where this is below `round(rate · 2³²)`.
 */
export const dropoutRandom = (seed: number, salt: number, index: number): number =>
  pcgHash((pcgHash((seed + Math.imul(salt, 0x9e3779b9)) >>> 0) + index) >>> 0);
