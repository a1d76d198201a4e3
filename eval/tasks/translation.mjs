import { loadModel } from '../../dist/index.js';
import { translate } from '../../dist/prompting.js';
import { bootstrapRow } from '../interval.mjs';
import { bleuCounts, corpusBleu } from '../metrics/bleu.mjs';
import { pickShots, splitShots } from '../shots.mjs';

/** BLEU of translations asked for as the GPT-2 paper does (section 3.7): shots are lines of `source = target`. */
export async function evaluateTranslation(read, options) {
  const { dataset, asked, pool } = splitShots(read, options);
  const { model: source, backend, dtype, shots } = options;
  const model = await loadModel(source, { backend, dtype });
  const examples = pickShots(pool, shots);
  const counts = [];
  for (const item of asked) {
    const { translation } = await translate(model, { text: item.source, examples });
    counts.push(bleuCounts(translation, item.target));
  }
  const subject = `${source ?? 'embedded'} ${model.backend} ${model.dtype}, ${shots} shots`;
  await model.dispose();
  return [bootstrapRow(dataset.name, subject, 'BLEU', 'of 100', counts, corpusBleu)];
}
