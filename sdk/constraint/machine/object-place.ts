import type { Expression } from '../expressions/expression.ts';
import type { Extra, OpenObject } from '../schema/open-object.ts';
import { type Place, type Thread, threadTo } from './place.ts';
import type { ValueWriter } from './value-writer.ts';

/** Where in an object, and what comes after it. */
interface Position {
  readonly writer: ValueWriter;
  readonly open: OpenObject;
  readonly index: number;
  readonly count: number;
  readonly some: number;
  readonly written: readonly string[];
  readonly after: Place;
}

/**
 * In an object, before a property or the end.
 *
 * @param index members before it are written or left out
 * @param count properties written so far; no more are counted than tell
 * @param some how many of `open.some` are written
 * @param written names of extras, as bytes: no name comes twice
 */
export function objectPlace(
  writer: ValueWriter,
  open: OpenObject,
  index: number,
  count: number,
  some: number,
  written: readonly string[],
  after: Place,
): Place {
  const counted = open.max === Infinity ? Math.min(count, Math.max(open.min, 1)) : count;
  const key = `object ${writer.places.idOf(open)} ${index} ${counted} ${some} ${JSON.stringify(written)} ${after.id}`;
  const at: Position = { writer, open, index, count: counted, some, written, after };
  return writer.places.get(key, (id) => ({
    id,
    distance: writer.minimums.restOfObject(open, index, counted, some) + after.distance,
    readsText: after.readsText,
    next: (text) => [...closing(at, text), ...members(at, text), ...extras(at, text)],
  }));
}

/** Whether members from an index on may all be left out. */
const isOptional = ({ members }: OpenObject, index: number): boolean =>
  !members.slice(index).some(({ required }) => required);

function closing({ writer, open, index, count, some, after }: Position, text: string): Thread[] {
  const whole = isOptional(open, index) && some === open.some.length && count >= open.min;
  return whole ? threadTo(writer.closing['}'], after, text) : [];
}

function members({ writer, open, index, count, some, after }: Position, text: string): Thread[] {
  const found: Thread[] = [];
  if (count >= open.max) return found;
  for (let i = index; i < open.members.length; i++) {
    const { name, term, required } = open.members[i];
    const rest = objectPlace(writer, open, i + 1, count + 1, some, [], after);
    if (rest.distance < Infinity) {
      found.push(...threadTo(writer.memberKey(name, count === 0), writer.valuePlace(term, rest), text));
    }
    if (required) break;
  }
  return found;
}

function extras(at: Position, text: string): Thread[] {
  const { writer, open, index, count, some, written } = at;
  if (count >= open.max || !isOptional(open, index)) return [];
  const pending = open.some[some];
  const { expressions, plain } = writer.schemas.language;
  return (pending ? [pending] : open.extras).flatMap((extra) => {
    const names = written.reduce((left, name) => expressions.without(left, bytesExpression(writer, name)), extra.names);
    if (expressions.isNothing(names)) return [];
    const key = expressions.sequence(plain.literal('"'), names, plain.literal('":'));
    const place = nameEnd({ ...at, some: pending ? some + 1 : some }, extra, text.length);
    return threadTo(writer.propertyKey(key, count === 0), place, text);
  });
}

function bytesExpression({ schemas }: ValueWriter, bytes: string): Expression {
  const { expressions } = schemas.language;
  return expressions.sequence(
    ...Array.from(bytes, (byte) => expressions.bytes([byte.charCodeAt(0), byte.charCodeAt(0)])),
  );
}

/** Where the name of an extra ends, and its value begins. */
function nameEnd({ writer, open, count, some, written, after }: Position, extra: Extra, start: number): Place {
  const key = `name ${writer.places.idOf(open)} ${count} ${some} ${JSON.stringify(written)} ${extra.names.id} ${extra.term.id} ${start} ${after.id}`;
  const rest = (names: readonly string[]): Place =>
    objectPlace(writer, open, open.members.length, count + 1, some, names, after);
  return writer.places.get(key, (id) => ({
    id,
    distance: writer.minimums.of(extra.term) + rest(written).distance,
    readsText: true,
    next: (text) => {
      const name = text.slice(start).replace(/^,?[ \n]?"|":[ \n]?$/g, '');
      return writer.value(extra.term, rest([...written, name]), text);
    },
  }));
}
