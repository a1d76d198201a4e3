// Writes wasm/tokenizer/unicode-tables.gen.ts: the class of every code point, as far as the split
// patterns and GPT-1's text clean-up tell characters apart, in a run-length code; and
// wasm/tokenizer/unicode-ranges.gen.ts: only what most patterns tell apart, letters, numbers and white space, as ranges. The
// classes come from this Node's own \p{…} classes, so the Unicode version is that of the Node that ran the script; it is
// written into the files. Usage: node scripts/generate-unicode-tables.mjs
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

write(
  'unicode-tables',
  'CLASS_RUNS',
  code,
  'Runs of character classes from U+0000 to U+10FFFF; expand-runs.ts decodes them.',
);

// Ranges of code points: what lies between a range and the one before it, then its length, as numbers in base 56, of which all
// digits but the last are 56 to 69. scripts/packaging/pack-bytes.mjs writes such bytes as one letter each. Classes in turn, a
// range of length 0 behind each.
const coarse = [
  [3, (number) => number >= 1 && number <= 3],
  [4, (number) => number === 4],
  [9, (number) => number === 9],
];
const ranges = [];
function emitNumber(value) {
  const digits = [value % 56];
  for (let rest = Math.floor(value / 56); rest > 0; rest = Math.floor(rest / 14)) digits.unshift((rest % 14) + 56);
  ranges.push(...digits);
}
for (const [number, belongs] of coarse) {
  let last = 0;
  for (let start = 0; start < codePoints; start++) {
    if (!belongs(classOf[start])) continue;
    let end = start;
    while (end < codePoints && belongs(classOf[end])) end++;
    // What unicode-class.ts takes for granted.
    if (end > 0x20000 && number !== 3) throw new Error('There is more than letters above U+1FFFF.');
    emitNumber(start - last);
    emitNumber(end - start);
    start = last = end;
  }
  emitNumber(0);
  emitNumber(0);
}
const decodedRanges = new Uint8Array(codePoints);
let read = 0;
function readNumber() {
  let value = 0;
  for (; ranges[read] >= 56; read++) value = value * 14 + ranges[read] - 56;
  return value * 56 + ranges[read++];
}
for (const [number] of coarse) {
  for (let codePoint = 0; ; ) {
    codePoint += readNumber();
    const length = readNumber();
    if (length === 0) break;
    decodedRanges.fill(number, codePoint, codePoint + length);
    codePoint += length;
  }
}
const coarseOf = (number) => coarse.find(([, belongs]) => belongs(number))?.[0] ?? 0;
if (read !== ranges.length || decodedRanges.some((number, codePoint) => number !== coarseOf(classOf[codePoint]))) {
  throw new Error('The ranges do not decode to the classes they were made from.');
}
write(
  'unicode-ranges',
  'CLASS_RANGES',
  ranges,
  'Ranges of letters, of numbers and of white space; expand-ranges.ts decodes them.',
);

function write(file, name, bytes, what) {
  const lines = [];
  for (let i = 0; i < bytes.length; i += 32) lines.push(`  ${bytes.slice(i, i + 32).join(', ')},`);
  writeFileSync(
    `wasm/tokenizer/${file}.gen.ts`,
    `// Made by scripts/generate-unicode-tables.mjs from Unicode ${process.versions.unicode}. Do not edit.
// ${what}

/** Number of bytes in the code. */
export const ${name}_LENGTH: i32 = ${bytes.length};

// Lazy: a module that does not read it does not hold it.
// @ts-ignore: decorator
@lazy
// prettier-ignore
export const ${name}: usize = memory.data<u8>([
${lines.join('\n')}
]);
`,
  );
  console.log(`Unicode ${process.versions.unicode}: ${file}: ${bytes.length} bytes`);
}
