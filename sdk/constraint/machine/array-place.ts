import { GptletError } from '../../errors/gptlet-error.ts';
import { type ArrayShape, itemTerm } from '../schema/array-shape.ts';
import type { Term } from '../schema/term.ts';
import { differentFrom } from './different-item.ts';
import { type Place, type Thread, threadTo } from './place.ts';
import type { ValueWriter } from './value-writer.ts';

/** A comma, a closing bracket, or a blank before it. */
const AFTER_ITEM = [',', ']', ' ', '\n'].reduce((bits, byte) => bits | (1 << (byte.charCodeAt(0) & 31)), 0);

/**
 * In an array, before an item or the end.
 *
 * @param counts how many items fit each `contains` so far; no more are counted than tell
 * @param written the items, as JSON texts, where they must differ
 */
export function arrayPlace(
  writer: ValueWriter,
  shape: ArrayShape,
  index: number,
  counts: readonly number[],
  written: readonly string[],
  after: Place,
): Place {
  // Past the items that are told apart, and past the bounds, the index says nothing.
  const most = Math.max(shape.prefix.length, shape.min, ...shape.contains.map(({ from }) => from));
  const position = shape.max === Infinity ? Math.min(index, Math.max(most, 1)) : index;
  const key = `array ${writer.places.idOf(shape)} ${position} ${counts} ${JSON.stringify(written)} ${after.id}`;
  return writer.places.get(key, (id) => {
    const place: Place = {
      id,
      distance: writer.minimums.restOfArray(shape, position, counts) + after.distance,
      readsText: after.readsText,
      next: (text) => [...closing(text), ...items(text)],
    };
    const closing = (text: string): Thread[] => {
      const enough = position >= shape.min && shape.contains.every(({ min }, k) => counts[k] >= min);
      return enough ? threadTo(writer.closing[']'], after, text) : [];
    };
    const items = (text: string): Thread[] => {
      if (position >= shape.max) return [];
      return itemWays(writer, shape, position, counts, written).flatMap(({ term, counts: next }) => {
        const rest = shape.unique
          ? itemEnd(writer, shape, position, next, written, text.length, after)
          : arrayPlace(writer, shape, position + 1, next, written, after);
        if (position === 0) {
          return writer.minimums.of(term) + rest.distance < Infinity ? writer.value(term, rest, text) : [];
        }
        return threadTo(writer.comma, writer.valuePlace(term, rest), text);
      });
    };
    return place;
  });
}

/** Where an item ends that later ones must not equal. */
function itemEnd(
  writer: ValueWriter,
  shape: ArrayShape,
  index: number,
  counts: readonly number[],
  written: readonly string[],
  start: number,
  after: Place,
): Place {
  const key = `item ${writer.places.idOf(shape)} ${index} ${counts} ${JSON.stringify(written)} ${start} ${after.id}`;
  return writer.places.get(key, (id) => ({
    id,
    distance: writer.minimums.restOfArray(shape, index + 1, counts) + after.distance,
    readsText: true,
    nextBytes: AFTER_ITEM,
    next: (text) => {
      const item = text.slice(start).replace(/^,?[ \n]?/, '');
      return arrayPlace(writer, shape, index + 1, counts, [...written, item], after).next(text);
    },
  }));
}

/** What the next item must fit, with the counts that then hold. */
function itemWays(
  writer: ValueWriter,
  shape: ArrayShape,
  index: number,
  counts: readonly number[],
  written: readonly string[],
): { term: Term; counts: readonly number[] }[] {
  const { terms } = writer.schemas;
  const decode = (bytes: string): string =>
    new TextDecoder().decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)));
  const item = itemTerm(shape, index);
  const others =
    written.length > 0
      ? differentFrom(
          written.map((text) => JSON.parse(decode(text))),
          terms,
        )
      : terms.always;
  let ways = [{ term: terms.all(item, others), counts }];
  shape.contains.forEach(({ term, min, max, from }, k) => {
    if (index < from) return;
    ways = ways.flatMap((way) => {
      const count = way.counts[k];
      if (max === Infinity && count >= min) return [way];
      const fits = {
        term: terms.all(way.term, term),
        counts: way.counts.map((each, i) => (i === k ? count + 1 : each)),
      };
      const other = max === Infinity ? way : { ...way, term: terms.all(way.term, terms.not(term)) };
      return count < max ? [fits, other] : [other];
    });
  });
  return ways.filter(({ term }) => isWritable(writer, term));
}

/** Items that would have to differ from too many others are not begun. */
function isWritable(writer: ValueWriter, term: Term): boolean {
  try {
    return writer.minimums.of(term) < Infinity;
  } catch (error) {
    if (error instanceof GptletError) return false;
    throw error;
  }
}
