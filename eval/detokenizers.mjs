// Benchmarks come with their words set apart; a model of plain text is asked about plain text (GPT-2 paper, section 3.1).
// Each rule takes out only what the benchmark put in, so likelihoods are those of the original text.

/** Spaced form → plain form, applied in order. A space is a space or the text's edge. */
const rules = {
  // WikiText-2 and -103
  wikitext: [
    [/ @([-,.])@ /g, '$1'],
    [/ ([,.;:!?%)\]}]|'s\b|n't\b|'re\b|'ve\b|'ll\b|'d\b|'m\b)(?= |\n|$)/g, '$1'],
    [/([([{$£]) (?=\S)/g, '$1'],
    [/" ([^"\n]*?) "/g, '"$1"'],
    [/^ (=+(?: =)*) (.*?) \1 *$/gm, '$1 $2 $1'],
  ],
  // Penn Treebank as language models get it: lower case, no punctuation, N for numbers
  ptb: [
    [/ ('s|n't|'re|'ve|'ll|'d|'m|')(?= |\n|$)/g, '$1'],
    [/\$ N/g, '$N'],
  ],
  // LAMBADA and the 1 Billion Word Benchmark
  lambada: [
    [/ ([,.;:!?)]|'s\b|n't\b|'re\b|'ve\b|'ll\b|'d\b|'m\b)(?= |\n|$)/g, '$1'],
    [/([(]) (?=\S)/g, '$1'],
    [/``\s?/g, '"'],
    [/\s?''/g, '"'],
  ],
};

export const detokenizerNames = Object.keys(rules);

/** The text as it would be written. @throws when there is no such de-tokeniser */
export function detokenize(text, name) {
  if (!Object.hasOwn(rules, name)) {
    throw new Error(`There is no de-tokeniser '${name}'; there are ${detokenizerNames.join(', ')}.`);
  }
  return rules[name].reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), text);
}
