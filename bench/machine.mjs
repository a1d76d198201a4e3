// What a figure depends on, as docs/measured.md says it: processor, cores, what the engine makes of byte products, engine.
import { cpus } from 'node:os';
import { chromium } from '@playwright/test';
import { findChromium } from '../scripts/setup/chromium.mjs';

/**
 * A module whose f() is lane 0 of i32x4.relaxed_dot_i8x16_i7x16_add_s of bytes 127, bytes 255 and zeros: engines differ in what they
 * make of a second operand beyond 127, and by that show the instruction that they use.
 */
const probe = [
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  // One type: () -> i32. One function of it, exported as 'f'.
  ...[0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7f, 0x03, 0x02, 0x01, 0x00, 0x07, 0x05, 0x01, 0x01, 0x66, 0x00, 0x00],
  ...[0x0a, 0x40, 0x01, 0x3e, 0x00],
  ...[127, 255, 0].flatMap((byte) => [0xfd, 0x0c, ...Array(16).fill(byte)]),
  ...[0xfd, 0x93, 0x02, 0xfd, 0x1b, 0x00, 0x0b],
];

/** Runs in Node and in a page: undefined where the engine does not know the instruction. */
async function byteProduct(bytes) {
  try {
    const { instance } = await WebAssembly.instantiate(Uint8Array.from(bytes));
    return instance.exports.f();
  } catch {
    return undefined;
  }
}

/** x86 multiplies unsigned bytes by signed ones in one instruction with VNNI; ARM has signed dot products. */
const kinds = new Map([
  [129540, 'VNNI'],
  [-508, 'ARM dot products'],
]);

/** @param {boolean} inPage whether the figures were made in Chromium, else in this Node */
export async function machine(inPage) {
  let [engine, product] = [`Node ${process.versions.node}`, inPage ? undefined : await byteProduct(probe)];
  if (inPage) {
    const browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
    engine = `Chromium ${browser.version().split('.')[0]}`;
    product = await (await browser.newPage()).evaluate(byteProduct, probe);
    await browser.close();
  }
  const processor = cpus()[0]?.model.trim() ?? 'unknown';
  return `${processor}, ${cpus().length} cores, ${kinds.get(product) ?? 'no VNNI'}, ${engine}`;
}
