import { writeFileSync } from 'node:fs';
import { loadModel } from '../../dist/index.js';

const prompts = [
  'Once upon a time, there was a little girl named',
  'One day, a boy found a strange box in the garden. He',
  'The old king had three sons. The youngest',
  'Tom and his dog went to the park. They saw',
  'Lily wanted to bake a cake for her mother, but',
  'The little bird could not fly. It',
  'This film was one of the best',
  'I did not like this movie because',
  'In the middle of the forest there lived',
  'Ben was sad. His friend asked him why. Ben said',
];

/** Twenty seeded samples with the model's own default options, kept in docs/ to be read. */
export async function evaluate({ model: source, dtype, backend }) {
  const model = await loadModel(source, { backend, dtype });
  const lines = [
    '# Samples',
    '',
    'Made by `npm run eval -- samples`: the default options of the model, 120 tokens, seeds 1 and 2. Prompts in bold.',
    '',
  ];
  let repeated = 0;
  let count = 0;
  for (const prompt of prompts) {
    for (const seed of [1, 2]) {
      const { text, tokenIds } = await model.generate(prompt, { maxNewTokens: 120, seed });
      lines.push(`**${prompt}**${text.replaceAll('\n', '  \n')}`, '');
      repeated += hasLoop(tokenIds) ? 1 : 0;
      count++;
    }
  }
  const subject = `${source ?? 'embedded'} ${model.backend} ${model.dtype}`;
  await model.dispose();
  writeFileSync('docs/samples.md', `${lines.join('\n')}`);
  return [
    {
      suite: 'eval',
      case: 'samples',
      subject,
      metric: 'samples with a loop',
      unit: 'count',
      median: repeated,
      min: repeated,
      max: repeated,
      runs: count,
    },
  ];
}

/** Whether eight tokens in a row come a second time. */
function hasLoop(tokenIds) {
  const seen = new Set();
  for (let i = 0; i + 8 <= tokenIds.length; i++) {
    const key = tokenIds.slice(i, i + 8).join();
    if (seen.has(key)) return true;
    seen.add(key);
  }
  return false;
}
