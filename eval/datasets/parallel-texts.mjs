// Texts with what is to be made of them: summaries, translations.
import { csv, needed, texts } from './rows.mjs';

/**
 * CNN/DailyMail: a folder of `.story` files (the article, then `@highlight` before each sentence of its summary), one of them, or
 * comma-separated `article`, `highlights` with a sentence a line.
 */
export function cnnDailymail({ file }) {
  const path = needed(file, 'cnn-dailymail');
  const items = path.endsWith('.csv')
    ? csv(path).map(({ article, highlights }) => ({ text: article.trim(), summary: sentenceLines(highlights) }))
    : texts(path).map((story) => {
        const [text, ...highlights] = story.split('@highlight').map((part) => part.trim());
        return { text, summary: highlights };
      });
  return { name: 'CNN/DailyMail', items };
}

const sentenceLines = (text) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** A test of WMT, or any other: a sentence a line in --file, its translation in the same line of --reference. */
export function parallel({ file, reference }) {
  needed(file, 'translate');
  needed(reference, 'translate', 'and --reference, the translations of its lines');
  const [sources, targets] = [file, reference].map((path) => texts(path)[0].trimEnd().split(/\r?\n/));
  if (sources.length !== targets.length) {
    throw new Error(`${file} has ${sources.length} lines and ${reference} ${targets.length}; they must be as many.`);
  }
  return {
    name: `${file.split('/').at(-1)} to ${reference.split('/').at(-1)}`,
    items: sources.map((source, i) => ({ source, target: targets[i] })),
  };
}
