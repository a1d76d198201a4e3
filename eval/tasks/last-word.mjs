import { readFileSync } from 'node:fs';
import { loadModel } from '../../dist/index.js';
import { detokenize } from '../detokenizers.mjs';
import { accuracyRow, figure } from '../interval.mjs';
import { stopWords } from '../stop-words.mjs';

const greedy = { temperature: 0, repetitionPenalty: 1, noRepeatNgramSize: 0 };

/**
 * LAMBADA's question: the last word of a passage, greedily, exactly; and with words left out that it hardly ever is.
 * `--file` holds JSON lines with `text`, or a passage a line; without one, the beginnings of stories to the end of their
 * fourth sentence.
 */
export async function evaluate({ model: source, backend, dtype, data, file, detokenizer, limit }) {
  const passages = file ? readPassages(file, detokenizer) : storyBeginnings(`${data}/pretrain/tinystories-valid.txt`);
  const model = await loadModel(source, { backend, dtype });
  const [hits, examples] = [{ plain: 0, filtered: 0 }, passages.slice(0, limit)];
  let logprob = 0;
  for (const passage of examples) {
    const [, context, word, end] = /^([\s\S]*\S)(\s+\S+?)(\W*)$/.exec(passage);
    logprob += (await model.score({ context, continuation: word })).logprob;
    const length = model.tokenizer.count(word + end) + 1;
    const guess = await firstWord(model, context, length);
    if (guess === word.trim()) hits.plain++;
    if ((await contentWord(model, context, length, guess)) === word.trim()) hits.filtered++;
  }
  const subject = `${source ?? 'embedded'} ${model.backend} ${model.dtype}`;
  await model.dispose();
  const name = file ? 'last word' : 'last word, tinystories-valid';
  return [
    accuracyRow(name, subject, hits.plain, examples.length),
    accuracyRow(name, subject, hits.filtered, examples.length, 'accuracy without stop words'),
    figure(name, subject, 'perplexity of the last word', 'per word', Math.exp(-logprob / examples.length)),
  ];
}

/** The first word that comes, without the punctuation behind it. */
async function firstWord(model, context, maxNewTokens) {
  const { text } = await model.generate(context, { ...greedy, maxNewTokens });
  return bare(text);
}

const bare = (text) => /^\s*(\S+?)\W*(?:\s|$)/.exec(text)?.[1] ?? '';

/** The first word of the 20 likeliest beginnings that is no stop word. */
async function contentWord(model, context, maxNewTokens, guess) {
  if (!stopWords.has(guess.toLowerCase())) return guess;
  const { logprobs } = await model.generate(context, { ...greedy, maxNewTokens: 1, minNewTokens: 1, logprobs: 20 });
  for (const { text } of logprobs[0].top) {
    if (!/^\s+\w/.test(text)) continue;
    const word = bare(text + (await model.generate(context + text, { ...greedy, maxNewTokens })).text);
    if (!stopWords.has(word.toLowerCase())) return word;
  }
  return guess;
}

function readPassages(file, detokenizer) {
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');
  const texts = lines.map((line) => (line.startsWith('{') ? JSON.parse(line).text : line));
  return detokenizer ? texts.map((text) => detokenize(text, detokenizer)) : texts;
}

function storyBeginnings(file) {
  const sentences = new Intl.Segmenter('en', { granularity: 'sentence' });
  return readFileSync(file, 'utf8')
    .split('<|endoftext|>')
    .map((story) =>
      Array.from(sentences.segment(story.trim()), ({ segment }) => segment)
        .slice(0, 4)
        .join('')
        .trim(),
    )
    .filter((passage) => /\S\s+\w+\W*$/.test(passage));
}
