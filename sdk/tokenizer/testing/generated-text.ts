import { seededRandom } from '../../platform/seeded-random.ts';

/** Whole numbers below the one given, the same for the same seed, so that a failing string can be made again. */
export function randomNumbers(seed: number): (below: number) => number {
  const random = seededRandom(seed);
  return (below) => (Math.floor(random() * 2 ** 32) % 0x7fffffff) % below;
}

type Random = (below: number) => number;

/** First and last code points of stretches of scripts, symbols, private use and empty planes. */
const blocks: [number, number][] = [
  [0x00, 0x7f],
  [0x80, 0xff],
  [0x100, 0x24f],
  [0x250, 0x2af],
  [0x300, 0x36f],
  [0x370, 0x3ff],
  [0x400, 0x52f],
  [0x531, 0x58f],
  [0x591, 0x5f4],
  [0x600, 0x6ff],
  [0x900, 0x97f],
  [0x980, 0x9fe],
  [0xb80, 0xbfa],
  [0xe01, 0xe5b],
  [0xf00, 0xfda],
  [0x10a0, 0x10ff],
  [0x1100, 0x11ff],
  [0x1200, 0x137c],
  [0x13a0, 0x13fd],
  [0x1780, 0x17f9],
  [0x1c80, 0x1c88],
  [0x1e00, 0x1eff],
  [0x1f00, 0x1ffe],
  [0x2000, 0x206f],
  [0x2070, 0x209c],
  [0x20a0, 0x20bf],
  [0x2100, 0x218b],
  [0x2190, 0x23ff],
  [0x2460, 0x24ff],
  [0x2500, 0x27bf],
  [0x2c60, 0x2c7f],
  [0x3000, 0x30ff],
  [0x3105, 0x312f],
  [0x3131, 0x318e],
  [0x3400, 0x4db5],
  [0x4e00, 0x9fd5],
  [0xa640, 0xa69f],
  [0xac00, 0xd7a3],
  [0xe000, 0xf8ff],
  [0xf900, 0xfad9],
  [0xfb00, 0xfb4f],
  [0xfb50, 0xfdff],
  [0xfe00, 0xfe0f],
  [0xfe20, 0xfe2f],
  [0xff01, 0xffdc],
  [0xfff9, 0xffff],
  [0x10400, 0x1044f],
  [0x12000, 0x12399],
  [0x1d400, 0x1d7ff],
  [0x1e900, 0x1e959],
  [0x1f000, 0x1f0ff],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6c5],
  [0x20000, 0x2a6d6],
  [0xe0001, 0xe01ef],
  [0x10fff0, 0x10ffff],
];

const words = `the of and a in to is was it for on with he be I by that at you are not this have from or had an they
  which one we were all her she there would their him been has when who will no more if out so up said what its about than
  into them can only other time new some could these two may first then do any like my now over such our man me even most
  made after also did many off before must well back through years where much your way down should because long each just
  tokenizer WebGPU JavaScript internationalization Supercalifragilistic Hello WORLD McDonald iPhone naïve café`.split(
  /\s+/,
);

const snippets = [
  "'s",
  "'t",
  "'re",
  "'ve",
  "'m",
  "'ll",
  "'d",
  "'S",
  "'T",
  "'RE",
  "'Ve",
  "'LL",
  "'D",
  "'ſ",
  "''",
  "'sun",
  "don't",
  "I'M",
  "we'LL",
  'if (x) {\n\treturn y[0] += 1;\n}\n',
  'const f = (a, b) => a ?? b;\n',
  '// -----\n',
  '<div class="a">&amp;</div>',
  '\\u0041',
  '😀',
  '👩‍👩‍👧‍👦',
  '🏳️‍🌈',
  '👍🏽',
  '🇩🇪',
  '❤️',
  '✌🏿',
  '<|endoftext|>',
  '</w>',
  '<unk>',
  '3.14159',
  '1,234,567',
  '²³',
  '½',
  'Ⅷ',
  '٣٤',
  '...',
  '!!!',
];
const spaces = [
  ' ',
  ' ',
  ' ',
  '\n',
  '\t',
  '\r',
  '\r\n',
  '\u00a0',
  '\u2003',
  '\u2028',
  '\u3000',
  '\v',
  '\f',
  '\u0085',
  '\ufeff',
  '\u200b',
  '\u180e',
];

function block(random: Random): string {
  const [first, last] = blocks[random(blocks.length)];
  let text = '';
  for (let left = 1 + random(6); left > 0; left--) text += String.fromCodePoint(first + random(last - first + 1));
  return text;
}

const pieces: ((random: Random) => string)[] = [
  (random) => words[random(words.length)],
  (random) => ` ${words[random(words.length)]}`,
  (random) => ` ${words[random(words.length)]}`,
  (random) => snippets[random(snippets.length)],
  (random) => spaces[random(spaces.length)].repeat(1 + random(4)),
  (random) => spaces[random(spaces.length)] + spaces[random(spaces.length)],
  (random) => String(random(10 ** (1 + random(9)))),
  (random) => String.fromCharCode(33 + random(94)).repeat(1 + random(5)),
  (random) =>
    Array.from({ length: 1 + random(8) }, () => String.fromCharCode(97 - 32 * random(2) + random(26))).join(''),
  block,
  block,
  (random) => String.fromCharCode(0xd800 + random(0x800)),
  (random) => String.fromCodePoint(random(0x110000)),
  (random) => String.fromCharCode(random(32)),
];

/** A string of up to about fifteen pieces of all kinds: words, contractions, code, scripts, emoji, controls, lone surrogates. */
export function generatedText(random: Random): string {
  let text = '';
  for (let left = random(15); left >= 0; left--) text += pieces[random(pieces.length)](random);
  return text;
}
