// What the tokenizer benchmark encodes. English and Chinese are real text where a checkout has some (the
// shared data folder; the compiler's translated messages), else made by the generators below.
import { existsSync, readFileSync } from 'node:fs';
import { importCompiled } from '../compile-testing.mjs';

const { generatedText, randomNumbers } = await importCompiled('tokenizer/testing/generated-text.js');

const random = randomNumbers(20260101);
/** Picks small numbers far more often than large ones, as words and characters are. */
const skewed = (below) => Math.min(below - 1, Math.floor(below ** ((random(1e6) + 1) / 1e6)) - 1);

function fill(length, make) {
  let text = '';
  while (text.length < length) text += make();
  return text.slice(0, length);
}

function generatedEnglish(length) {
  const syllables =
    'the an er on in re at en or es is it al ar st to nt ng se ha as ou io le ve co me de hi ri ro ic ne ea ra ce li ch ll be ma si om ur'.split(
      ' ',
    );
  const words = Array.from({ length: 20000 }, () =>
    Array.from({ length: 1 + random(4) }, () => syllables[random(syllables.length)]).join(''),
  );
  return fill(length, () => `${words[skewed(words.length)]}${random(12) ? ' ' : random(3) ? ', ' : '.\n'}`);
}

/** About a megabyte of English. */
export function english() {
  const folder = '../shared/data/pretrain/';
  if (!existsSync(`${folder}fairytales.txt`)) return { source: 'generated', text: generatedEnglish(1_100_000) };
  const stories = readFileSync(`${folder}tinystories-valid.txt`, 'utf8');
  const text = (stories + readFileSync(`${folder}fairytales.txt`, 'utf8').slice(0, 700_000)).replaceAll(
    '<|endoftext|>',
    '',
  );
  return { source: 'tinystories-valid and fairytales', text };
}

/** Code: the TypeScript declarations and the JavaScript of two devDependencies. */
export function code() {
  const files = ['node_modules/rollup/dist/es/shared/node-entry.js', 'node_modules/@webgpu/types/dist/index.d.ts'];
  return {
    source: files.join(', '),
    text: files
      .map((file) => readFileSync(file, 'utf8'))
      .join('\n')
      .slice(0, 1_000_000),
  };
}

/** Chinese: the TypeScript compiler's messages, else common ideographs. */
export function chinese() {
  const file = 'node_modules/@typescript/old/lib/zh-cn/diagnosticMessages.generated.json';
  if (existsSync(file)) {
    const sentences = Object.values(JSON.parse(readFileSync(file, 'utf8')));
    return { source: 'messages of TypeScript in Chinese', text: sentences.join('\n') };
  }
  return {
    source: 'generated',
    text: fill(300_000, () => (random(12) ? String.fromCharCode(0x4e00 + skewed(6000)) : '，')),
  };
}

/** Sentences with emoji, joined ones and skin tones too. */
export function emoji() {
  const single = Array.from({ length: 400 }, (_, i) => String.fromCodePoint(0x1f300 + i));
  const more = ['👩‍👩‍👧‍👦', '👍🏽', '❤️', '🇩🇪', '✨', '🏳️‍🌈', '✌🏿', '🤷‍♀️'];
  const words = 'so happy today love this thank you all wow great see you soon best day ever'.split(' ');
  return {
    source: 'generated',
    text: fill(
      500_000,
      () =>
        `${words[random(words.length)]} ${(random(4) ? single[skewed(single.length)] : more[random(more.length)]).repeat(1 + random(3))}`,
    ),
  };
}

/** The mixed strings of the differential test, one text. */
export function mixed() {
  return { source: 'generated', text: fill(300_000, () => generatedText(random)).replaceAll('<|endoftext|>', '') };
}

/** Texts that make quadratic tokenizers stall; `n` scales them. */
export const hard = {
  'one word of letters': (n) => fill(100_000 * n, () => String.fromCharCode(97 + random(26))),
  'one word of one letter': (n) => 'a'.repeat(100_000 * n),
  spaces: (n) => ' '.repeat(1_000_000 * n),
  'one emoji': (n) => '😀'.repeat(250_000 * n),
  'random bytes as text': (n) =>
    new TextDecoder().decode(Uint8Array.from({ length: 1_000_000 * n }, () => random(256))),
};
