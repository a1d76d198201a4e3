import { alignParts } from './align-parts.ts';
import type { NormalizationStep } from './tokenizer-definition.ts';

/** A normalised text; where it was asked for, the place in the text before of each UTF-16 unit and of the end. */
export interface NormalText {
  readonly text: string;
  readonly places: ArrayLike<number> | undefined;
}

/** Small letters one by one, as the hub's code has them: no sigma looks at its neighbours. */
const lower = (text: string): string => text.replace(/\p{Changes_When_Lowercased}/gu, (letter) => letter.toLowerCase());

/** Takes the steps one after the other. With `isMark`, which tells what melts into the character before it, gives places. */
export function normalizeText(
  text: string,
  steps: readonly NormalizationStep[],
  isMark?: (codePoint: number) => boolean,
): NormalText {
  let places: ArrayLike<number> | undefined;
  let current = text;
  for (const step of steps) {
    const before = current;
    let stepPlaces: ArrayLike<number> | undefined;
    if (typeof step === 'string') {
      const change = step === 'lower' ? lower : (part: string): string => part.normalize(step);
      current = change(before);
      if (isMark && current !== before) stepPlaces = alignParts(before, current, change, isMark);
    } else {
      const pattern = new RegExp(step.source, step.flags);
      current = before.replace(pattern, step.content.replaceAll('$', '$$$$'));
      if (isMark) stepPlaces = placesOf(before, pattern, step.content);
    }
    const earlier = places;
    if (isMark && stepPlaces && current !== before)
      places = earlier ? Array.from(stepPlaces, (place) => earlier[place]) : stepPlaces;
  }
  return { text: current, places };
}

/** Places where a pattern's matches are replaced: what takes one's place is where it began. */
function placesOf(text: string, pattern: RegExp, content: string): number[] {
  const places: number[] = [];
  let last = 0;
  const keep = (end: number): void => {
    for (; last < end; last++) places.push(last);
  };
  for (const match of text.matchAll(pattern)) {
    keep(match.index);
    for (let i = 0; i < content.length; i++) places.push(last);
    last += match[0].length;
  }
  keep(text.length + 1);
  return places;
}
