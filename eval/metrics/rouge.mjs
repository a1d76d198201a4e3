import { l, n } from 'js-rouge';
import { stemmer } from 'stemmer';

// As ROUGE-1.5.5 counts: letters and digits in lower case; longer words by their stem (Porter).
const tokenizer = (text) =>
  (text.toLowerCase().match(/[a-z0-9]+/g) ?? []).map((word) => (word.length > 3 ? stemmer(word) : word));

/**
 * F1 of ROUGE-1, ROUGE-2 and ROUGE-L (Lin 2004), 0 to 1, of a summary and its reference, each a list of sentences: ROUGE-L
 * is the summary's, a union over sentences, as CNN/DailyMail is scored.
 */
export function rouge(summary, reference) {
  const [ours, theirs] = [summary, reference].map((sentences) => sentences.join('\n'));
  const empty = [ours, theirs].some((text) => tokenizer(text).length === 0);
  if (empty) return { rouge1: 0, rouge2: 0, rougeL: 0 };
  const segmenter = (text) => text.split('\n').filter((sentence) => tokenizer(sentence).length > 0);
  return {
    rouge1: n(ours, theirs, { n: 1, tokenizer }),
    rouge2: n(ours, theirs, { n: 2, tokenizer }),
    rougeL: l(ours, theirs, { tokenizer, segmenter }),
  };
}
