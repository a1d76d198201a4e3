/** A text's sentences, trimmed, without empty ones. */
export function sentences(text: string): string[] {
  return segments(text)
    .map((segment) => segment.trim())
    .filter((sentence) => sentence !== '');
}

function segments(text: string): string[] {
  const { Segmenter } = Intl as Partial<typeof Intl>;
  // Firefox has it from 125 on.
  if (!Segmenter) return text.split(/(?<=[.!?…。！？]["'”’)\]]*)\s+|\n+/);
  return Array.from(new Segmenter(undefined, { granularity: 'sentence' }).segment(text), ({ segment }) => segment);
}
