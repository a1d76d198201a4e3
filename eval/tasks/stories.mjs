// llama2.c's smallest model (karpathy/tinyllamas, stories260K): a Llama that others trained, read through its hub layout.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { loadModel } from '../../dist/index.js';
import { figure } from '../interval.mjs';

const make = 'fixtures/families/make';
const COUNT = 100;
const BEGIN = 'Once upon a time';

/**
 * Converts the file, whose tokenizer tok512.bin lies beside it, prints the greedy story that gptlet tells from nothing, and counts
 * the tokens up to the first that the NumPy reference of the same weights would not have written.
 */
export async function evaluate({ file, backend, dtype }) {
  if (!file) throw new Error('stories needs --file PATH/stories260K.bin, with its tok512.bin beside it');
  const folder = mkdtempSync(join(tmpdir(), 'gptlet-stories-'));
  try {
    const python = (script, ...args) => execFileSync('python3', [`${make}/${script}`, ...args], { encoding: 'utf8' });
    python('convert_llama2c.py', file, join(dirname(file), 'tok512.bin'), folder);
    const model = await loadModel(folder, { backend, dtype });
    const { bosTokenId } = model.config;
    const isExact = model.dtype === 'f32';
    const { text, tokenIds } = await model.generate([bosTokenId], { temperature: 0, maxNewTokens: COUNT });
    const subject = `stories260K ${model.backend} ${model.dtype}`;
    await model.dispose();
    console.log(text);
    const { tokens } = JSON.parse(python('greedy.py', folder, String(COUNT), String(bosTokenId)));
    const other = tokens.findIndex((token, i) => token !== tokenIds[i]);
    const same = other === -1 ? COUNT : other;
    if (!text.trimStart().startsWith(BEGIN)) throw new Error(`The story does not begin with "${BEGIN}".`);
    // Rounded weights may choose another word, exact ones may not.
    if (isExact && same < COUNT)
      throw new Error(`Token ${same} is ${tokenIds[same]}, where the reference says ${tokens[same]}.`);
    return [figure(`${COUNT} greedy tokens`, subject, 'tokens as the NumPy reference', 'count', same)];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
