/**
 * SHA-256 of bytes that arrive in pieces, which SubtleCrypto cannot do. FIPS 180-4, section 6.2; its
 * constants are the first bits of the fractional parts of roots of primes, and are computed as such.
 */
export class Sha256Stream {
  readonly #state: Int32Array;
  readonly #constants: Int32Array;
  readonly #schedule: Int32Array = new Int32Array(64);
  readonly #block: Uint8Array = new Uint8Array(64);
  #length: number = 0;

  constructor() {
    const { square, cube } = rootsOfPrimes();
    this.#state = Int32Array.from(square);
    this.#constants = Int32Array.from(cube);
  }

  update(bytes: Uint8Array): void {
    let at = 0;
    const filled = this.#length % 64;
    this.#length += bytes.length;
    if (filled > 0) {
      at = Math.min(64 - filled, bytes.length);
      this.#block.set(bytes.subarray(0, at), filled);
      if (filled + at < 64) return;
      this.#compress(this.#block, 0);
    }
    for (; at + 64 <= bytes.length; at += 64) this.#compress(bytes, at);
    this.#block.set(bytes.subarray(at));
  }

  /** The hash in hexadecimal; nothing can be added after it. */
  finish(): string {
    const bits = BigInt(this.#length) * 8n;
    const padding = new Uint8Array(((119 - (this.#length % 64)) % 64) + 9);
    padding[0] = 0x80;
    new DataView(padding.buffer).setBigUint64(padding.length - 8, bits, false);
    this.update(padding);
    return Array.from(this.#state, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
  }

  #compress(bytes: Uint8Array, at: number): void {
    const w = this.#schedule;
    const k = this.#constants;
    const state = this.#state;
    for (let t = 0, i = at; t < 16; t++, i += 4) {
      w[t] = (bytes[i] << 24) | (bytes[i + 1] << 16) | (bytes[i + 2] << 8) | bytes[i + 3];
    }
    for (let t = 16; t < 64; t++) {
      const x = w[t - 15];
      const y = w[t - 2];
      const s0 = rotate(x, 7) ^ rotate(x, 18) ^ (x >>> 3);
      const s1 = rotate(y, 17) ^ rotate(y, 19) ^ (y >>> 10);
      w[t] = (w[t - 16] + s0 + w[t - 7] + s1) | 0;
    }
    let a = state[0];
    let b = state[1];
    let c = state[2];
    let d = state[3];
    let e = state[4];
    let f = state[5];
    let g = state[6];
    let h = state[7];
    for (let t = 0; t < 64; t++) {
      const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + k[t] + w[t]) | 0;
      const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + t1) | 0;
      d = c;
      c = b;
      b = a;
      a = (t1 + t2) | 0;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
    state[5] += f;
    state[6] += g;
    state[7] += h;
  }
}

/** Turned right by `by` bits; shifts count modulo 32. */
function rotate(bits: number, by: number): number {
  return (bits >>> by) | (bits << -by);
}

/** 32 bits behind the point of the square roots of the first 8 primes, and of the cube roots of the first 64. */
function rootsOfPrimes(): { square: number[]; cube: number[] } {
  const primes: number[] = [];
  for (let n = 2; primes.length < 64; n++) if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  // A double holds 53 bits: enough for the 32 wanted behind a whole part of at most five.
  const bits = (root: number): number => ((root % 1) * 2 ** 32) | 0;
  return {
    square: primes.slice(0, 8).map((prime) => bits(Math.sqrt(prime))),
    cube: primes.map((prime) => bits(Math.cbrt(prime))),
  };
}
