// BLEU as sacreBLEU computes it by default (Papineni et al. 2002; Post 2018): 13a tokens, case kept, one reference,
// four orders, "exp" smoothing. Signature: nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp.
const orders = 4;
// In this order, one after the other: `&amp;lt;` ends as `<`, as it does there.
const entities = [
  ['&quot;', '"'],
  ['&amp;', '&'],
  ['&lt;', '<'],
  ['&gt;', '>'],
];

/** The tokens of mteval-v13a: punctuation set apart, but within numbers. */
export function tokenize13a(text) {
  const plain = text.replaceAll('<skipped>', '').replace(/-\n/g, '').replace(/\n/g, ' ');
  const resolved = entities.reduce((result, [entity, character]) => result.replaceAll(entity, character), plain);
  const spaced = ` ${resolved} `
    .replace(/[{-~[-` -&(-+:-@/]/g, ' $& ')
    .replace(/([^0-9])([.,])/gu, '$1 $2 ')
    .replace(/([.,])([^0-9])/gu, ' $1 $2')
    .replace(/([0-9])(-)/g, '$1 $2 ');
  return spaced.split(/\s+/).filter((token) => token !== '');
}

/** What corpus BLEU needs of one sentence: its length, the reference's, and n-grams matched and given of each order. */
export function bleuCounts(hypothesis, reference) {
  const [ours, theirs] = [tokenize13a(hypothesis), tokenize13a(reference)];
  const [matched, given] = [[], []];
  for (let n = 1; n <= orders; n++) {
    const wanted = ngramCounts(theirs, n);
    let hits = 0;
    for (const [gram, count] of ngramCounts(ours, n)) hits += Math.min(count, wanted.get(gram) ?? 0);
    matched.push(hits);
    given.push(Math.max(0, ours.length - n + 1));
  }
  return { length: ours.length, referenceLength: theirs.length, matched, given };
}

function ngramCounts(tokens, n) {
  const counts = new Map();
  for (let at = 0; at + n <= tokens.length; at++) {
    // No token holds a space.
    const gram = tokens.slice(at, at + n).join(' ');
    counts.set(gram, (counts.get(gram) ?? 0) + 1);
  }
  return counts;
}

/** BLEU, 0 to 100, of a corpus of {@link bleuCounts}. */
export function corpusBleu(counts) {
  const sum = (of) => counts.reduce((total, one) => total + of(one), 0);
  const [length, referenceLength] = [sum((one) => one.length), sum((one) => one.referenceLength)];
  let [logs, halving] = [0, 1];
  for (let n = 0; n < orders; n++) {
    const [matched, given] = [sum((one) => one.matched[n]), sum((one) => one.given[n])];
    // Without a shared word, or where no sentence is four tokens long, the score is 0.
    if (given === 0 || (n === 0 && matched === 0)) return 0;
    if (matched === 0) halving *= 2;
    logs += Math.log((matched || 1 / halving) / given);
  }
  const brevity = length < referenceLength ? Math.exp(1 - referenceLength / length) : 1;
  return 100 * brevity * Math.exp(logs / orders);
}
