// What ships runs where WebAssembly SIMD does (Chromium 91 and 113 with WebGPU, Safari 16.4), and in Firefox from 115 on. TypeScript's
// lib keeps younger parts of the language out, but takes the web's from the day on which one browser has them.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { sentences } from '../prompting/sentences.ts';

/** By a pattern that finds it: since when it is there, in the youngest of the three. */
const young: readonly (readonly [RegExp, string])[] = [
  [/AbortSignal\.any\b/, 'Chromium 116, Firefox 124, Safari 17.4'],
  [/URL\.canParse\b/, 'Chromium 120, Firefox 115, Safari 17'],
  [/\.(toSorted|toReversed|toSpliced|with)\(/, 'Chromium 110, Firefox 115, Safari 16'],
  [/URL\.parse\b/, 'Chromium 126, Firefox 126, Safari 18'],
  [/\bIntl\.Segmenter\b/, 'Firefox 125'],
  [/Promise\.(withResolvers|try)\b/, 'Chromium 119, Firefox 121, Safari 17.4'],
  [/(Object|Map)\.groupBy\b/, 'Chromium 117, Firefox 119, Safari 17.4'],
  [/Array\.fromAsync\b/, 'Chromium 121, Firefox 115, Safari 16.4'],
  [/\.(isSubsetOf|isSupersetOf|isDisjointFrom|symmetricDifference|union|intersection|difference)\(/, 'Firefox 127'],
  [
    /\.(keys|values|entries)\(\)\s*\.(map|filter|take|drop|flatMap|reduce|toArray|forEach|some|every|find)\(/,
    'Safari 18.4',
  ],
  [/\bIterator\.(from|prototype)\b/, 'Chromium 122, Firefox 131, Safari 18.4'],
  [/\.(isWellFormed|toWellFormed)\(/, 'Firefox 119'],
  [/(RegExp\.escape|Error\.isError|\.(to|set|from)(Base64|Hex))\b/, '2025'],
  [/\.transfer(ToFixedLength)?\(/, 'Chromium 114, Firefox 122, Safari 17.4'],
  [/\bFloat16Array\b(?!\s+does)/, 'Chromium 135, Firefox 129, Safari 18.2'],
  [/ReadableStream\.from\b/, 'Firefox 117 alone'],
  [/\bscheduler\.(yield|postTask)\b/, 'Chromium 129, Firefox 142'],
  [/\.bytes\(\)(?!:)/, 'Chromium 132, Firefox 128, Safari 18'],
  [/\bwaitAsync\b/, 'Safari 16.4, Firefox 145'],
  [/^\s*(await )?using \w+ =/m, 'Chromium 134, Firefox 141'],
];

const shipped = readdirSync('sdk', { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter(
    (file) => file.endsWith('.ts') && !/(\.test|\.test-d|\.gen|\.d)\.ts$|(^|\/)(testing|reference|cli)\//.test(file),
  );

describe('what ships', () => {
  it.each(young)('does not use what %s finds, which is there since %s', (pattern) => {
    expect(shipped.length).toBeGreaterThan(250);
    const withoutComments = (file: string) =>
      readFileSync(`sdk/${file}`, 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
    expect(shipped.filter((file) => pattern.test(withoutComments(file)))).toEqual([]);
  });

  it('finds sentences where there is no Intl.Segmenter', () => {
    const text = 'One. "Two!" (Three?) Is 3.5 a number\u2026 Yes.\nA line';
    const expected = ['One.', '"Two!"', '(Three?)', 'Is 3.5 a number\u2026', 'Yes.', 'A line'];
    const { Segmenter: _, ...older } = Object.getOwnPropertyDescriptors(Intl);
    vi.stubGlobal('Intl', Object.defineProperties({}, older));
    expect(sentences(text)).toEqual(expected);
    vi.unstubAllGlobals();
    expect(sentences('One. Two! Three?')).toEqual(['One.', 'Two!', 'Three?']);
  });
});
