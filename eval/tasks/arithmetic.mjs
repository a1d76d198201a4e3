import { loadModel } from '../../dist/index.js';
import { accuracyRow } from '../interval.mjs';
import { seeded } from '../random.mjs';

/** GPT-3's tests with two digits (section 3.9.1): a question and its answer from two or three numbers. */
const kinds = {
  'two-digit addition': (draw) => twoDigits(draw, 'plus', (a, b) => a + b),
  'two-digit subtraction': (draw) => twoDigits(draw, 'minus', (a, b) => a - b),
  'two-digit multiplication': (draw) => twoDigits(draw, 'times', (a, b) => a * b),
  'one-digit composite': (draw) => {
    const [a, b, c] = [draw(10), draw(10), draw(10)];
    const signs = { '+': (x, y) => x + y, '-': (x, y) => x - y, '*': (x, y) => x * y };
    const [first, second] = [Object.keys(signs)[draw(3)], Object.keys(signs)[draw(3)]];
    return { question: `What is ${a}${first}(${b}${second}${c})?`, answer: signs[first](a, signs[second](b, c)) };
  },
};

function twoDigits(draw, word, compute) {
  const [a, b] = [draw(100), draw(100)];
  return { question: `What is ${a} ${word} ${b}?`, answer: compute(a, b) };
}

/** Share of answers that are exactly right, greedily. */
export async function evaluate({ model: source, backend, dtype, shots, limit = 2000 }) {
  const model = await loadModel(source, { backend, dtype });
  const subject = `${source ?? 'embedded'} ${model.backend} ${model.dtype}, ${shots} shots`;
  const rows = [];
  for (const [name, make] of Object.entries(kinds)) {
    const random = seeded(0);
    const draw = (most) => Math.floor(random() * most);
    const solved = Array.from({ length: shots }, () => make(draw));
    const before = solved.map(({ question, answer }) => `Q: ${question}\nA: ${answer}\n\n`).join('');
    let hits = 0;
    for (let i = 0; i < limit; i++) {
      const { question, answer } = make(draw);
      // Plain greedy decoding, whatever the checkpoint prefers.
      const greedy = { temperature: 0, repetitionPenalty: 1, noRepeatNgramSize: 0, maxNewTokens: 8, stop: ['\n'] };
      const { text } = await model.generate(`${before}Q: ${question}\nA:`, greedy);
      if (/^-?\d+(?=\D*$)/.exec(text.trim().replaceAll(',', ''))?.[0] === String(answer)) hits++;
    }
    rows.push(accuracyRow(name, subject, hits, limit));
  }
  await model.dispose();
  return rows;
}
