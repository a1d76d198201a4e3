/**
 * How much each word of a text counts for a label: the log-odds with the word, less those without it
 * (leave-one-out occlusion). Above 0 the word speaks for the label.
 *
 * @param {import('gptlet/heads').Classifier} classifier
 * @param {string} text
 * @param {string} label
 * @param {{ signal?: AbortSignal }} [options]
 * @returns {Promise<{ text: string, influence?: number }[]>} pieces that join to the text; spaces have no influence
 */
export async function wordInfluence(classifier, text, label, options) {
  const pieces = text.split(/(\s+)/);
  const words = pieces.flatMap((piece, index) => (piece.trim() ? [index] : []));
  const without = words.map((left) => pieces.filter((_, index) => index !== left).join(''));
  const results = await classifier.classifyBatch([text, ...without], options);
  const [whole, ...others] = results.map((scores) =>
    logOdds(scores.find((score) => score.label === label)?.score ?? 0),
  );
  const influence = new Map(words.map((index, i) => [index, whole - others[i]]));
  return pieces.map((piece, index) => ({ text: piece, influence: influence.get(index) }));
}

/** @param {number} share */
function logOdds(share) {
  const kept = Math.min(Math.max(share, 1e-6), 1 - 1e-6);
  return Math.log(kept / (1 - kept));
}
