// Writes wasm/tokenizer/unicode-tables.gen.ts: the class of every code point, as far as the split
// patterns and GPT-1's text clean-up tell characters apart, in a run-length code. The classes come from
// this Node's own \p{…} classes, so the Unicode version is that of the Node that ran the script; it is
// written into the file. Usage: node scripts/generate-unicode-tables.mjs
import { writeFileSync } from 'node:fs';

/** Order is the class number; wasm/tokenizer/unicode-class.ts names them. The first that matches wins. */
const classes = [
  [9, /^\p{White_Space}$/u],
  [1, /^[\p{Lu}\p{Lt}]$/u],
  [2, /^\p{Ll}$/u],
  [3, /^[\p{Lm}\p{Lo}]$/u],
  [4, /^\p{N}$/u],
  [5, /^\p{Mn}$/u],
  [6, /^[\p{Mc}\p{Me}]$/u],
  [7, /^\p{P}$/u],
  [8, /^\p{C}$/u],
];
const codePoints = 0x110000;
const classOf = new Uint8Array(codePoints);
for (let codePoint = 0; codePoint < codePoints; codePoint++) {
  const character = String.fromCodePoint(codePoint);
  for (const [number, pattern] of classes) {
    if (pattern.test(character)) {
      classOf[codePoint] = number;
      break;
    }
  }
}

// One byte a run: class in the low four bits, length − 1 in the high four; 15 there means that the length
// − 16 follows in seven-bit groups. Class 10 is a run of (upper, lower) pairs, which the cased alphabets
// are full of.
const pairs = 10;
const code = [];
function emit(number, length) {
  code.push(number | (Math.min(length - 1, 15) << 4));
  if (length < 16) return;
  let rest = length - 16;
  for (; rest > 127; rest >>>= 7) code.push((rest & 127) | 128);
  code.push(rest);
}
for (let start = 0; start < codePoints; ) {
  let end = start;
  while (classOf[end] === 1 && classOf[end + 1] === 2) end += 2;
  // A pair that begins a longer lower-case run is worth it only from two pairs on.
  if (end - start >= 4) {
    emit(pairs, (end - start) / 2);
  } else {
    end = start + 1;
    while (end < codePoints && classOf[end] === classOf[start]) end++;
    emit(classOf[start], end - start);
  }
  start = end;
}

const decoded = new Uint8Array(codePoints);
let at = 0;
for (let i = 0; i < code.length; ) {
  const number = code[i] & 15;
  let length = (code[i++] >> 4) + 1;
  if (length === 16) {
    let shift = 0;
    let byte;
    do {
      byte = code[i++];
      length += (byte & 127) << shift;
      shift += 7;
    } while (byte > 127);
  }
  for (; length > 0; length--) {
    if (number === pairs) {
      decoded[at++] = 1;
      decoded[at++] = 2;
    } else decoded[at++] = number;
  }
}
if (at !== codePoints || decoded.some((number, codePoint) => number !== classOf[codePoint])) {
  throw new Error('The run-length code does not decode to the classes it was made from.');
}

const lines = [];
for (let i = 0; i < code.length; i += 32) lines.push(`  ${code.slice(i, i + 32).join(', ')},`);
writeFileSync(
  'wasm/tokenizer/unicode-tables.gen.ts',
  `// Made by scripts/generate-unicode-tables.mjs from Unicode ${process.versions.unicode}. Do not edit.
// Runs of character classes from U+0000 to U+10FFFF; unicode-class.ts decodes them.

/** Number of bytes in the run-length code. */
export const CLASS_RUNS_LENGTH: i32 = ${code.length};

// prettier-ignore
export const CLASS_RUNS: usize = memory.data<u8>([
${lines.join('\n')}
]);
`,
);
console.log(`Unicode ${process.versions.unicode}: ${code.length} bytes`);
