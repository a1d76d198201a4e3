// A JSON schema's constraint takes properties in one order only; validators take any. So that an instance is judged for what it
// holds, it is written in the order that the machine itself takes.
const encoder = new TextEncoder();

/** Steps at the most after the first dead end: of some objects all orders would have to be tried, and there are too many. */
const MAX_STEPS_BACK = 500;

/**
 * Writes an instance into a machine, the properties of every object in an order that it takes.
 *
 * @returns `text` in that order, undefined where it does not fit; then `stopped` is the text that got farthest and what it could not
 *   take, and `gaveUp` says whether orders were left untried
 */
export function writeInstance(machine, instance) {
  const search = new OrderSearch(machine);
  if (machine.start) {
    for (const { state, text } of search.write({ state: machine.start, text: '' }, instance)) {
      if (state.canEnd) return { text, gaveUp: false };
    }
  }
  return { text: undefined, stopped: search.stopped, gaveUp: search.gaveUp };
}

/** Text as the machine reads it: a character a byte. */
function bytesOf(text) {
  let bytes = '';
  for (const byte of encoder.encode(text)) bytes += String.fromCharCode(byte);
  return bytes;
}

/** Depth first, one way at a time, so that a second order is only looked for where the first leads nowhere. */
class OrderSearch {
  stopped = '';
  gaveUp = false;
  #stepsBack = 0;
  #farthest = -1;
  #machine;

  constructor(machine) {
    this.#machine = machine;
  }

  /** The places, `{ state, text }`, at which a value may have been written from a place on. */
  *write(from, value) {
    if (Array.isArray(value)) yield* this.#items(from, value);
    else if (typeof value === 'object' && value !== null) yield* this.#properties(from, Object.entries(value));
    else yield* this.#read(from, JSON.stringify(value));
  }

  *#items(from, items) {
    for (const opened of this.#read(from, '[')) {
      const last = this.#inTurn(opened, items.length, (at, index) => this.#item(at, items[index], index));
      for (const at of last) yield* this.#read(at, ']');
    }
  }

  *#item(at, item, index) {
    for (const before of index > 0 ? this.#read(at, ',') : [at]) yield* this.write(before, item);
  }

  *#properties(from, properties) {
    for (const opened of this.#read(from, '{')) {
      const last = this.#inTurn({ ...opened, left: properties }, properties.length, (at, index) =>
        this.#property(at, index),
      );
      for (const at of last) yield* this.#read(at, '}');
    }
  }

  /** The places after one more property: first after one that bars none of those that could come now. */
  *#property({ left, ...at }, index) {
    const [before] = index > 0 ? this.#read(at, ',') : [at];
    const open = before ? left.filter(([name]) => this.#takesName(before, name)) : [];
    // Whichever bars the one tried so far comes before it.
    let first;
    for (const property of open) {
      if (first?.after && this.#takesNext(first.after, property[0])) continue;
      const ways = this.#written(before, property, left);
      first = { property, ways, after: ways.next().value };
    }
    if (!first) return;
    if (first.after) yield first.after;
    yield* first.ways;
    for (const property of open) if (property !== first.property) yield* this.#written(before, property, left);
  }

  *#written(before, property, left) {
    const [name, value] = property;
    for (const named of this.#read(before, `${JSON.stringify(name)}:`)) {
      for (const after of this.write(named, value))
        yield { ...after, left: left.filter((other) => other !== property) };
    }
  }

  #takesName(at, name) {
    return this.#read(at, `${JSON.stringify(name)}:`, false).length > 0;
  }

  #takesNext(at, name) {
    return this.#read(at, ',', false).some((next) => this.#takesName(next, name));
  }

  /** Takes steps one after the other; gives the places after the last, each once. */
  *#inTurn(start, count, step) {
    if (count === 0) {
      yield start;
      return;
    }
    const seen = new Set();
    const ways = [step(start, 0)];
    while (ways.length > 0) {
      const { value: at, done } = ways.at(-1).next();
      if (done) {
        ways.pop();
        this.#stepsBack++;
      } else {
        const key = `${ways.length} ${at.state.id} ${at.left?.map(([name]) => JSON.stringify(name)) ?? ''}`;
        if (seen.has(key)) continue;
        seen.add(key);
        if (this.#stepsBack > 0 && ++this.#stepsBack > MAX_STEPS_BACK) {
          this.gaveUp = true;
          return;
        }
        if (ways.length === count) yield at;
        else ways.push(step(at, ways.length));
      }
    }
  }

  /** The place after a piece of text, in a list; an empty one where it does not fit. */
  #read({ state, text }, piece, tells = true) {
    const bytes = bytesOf(piece);
    let at = state;
    for (let i = 0; i < bytes.length; i++) {
      at = this.#machine.after(at, bytes.charCodeAt(i));
      if (at) continue;
      if (tells && text.length + i > this.#farthest) {
        this.#farthest = text.length + i;
        this.stopped = `${text.slice(-40)}${piece.slice(0, i)} ⟂ ${piece.slice(i, i + 20)}`;
      }
      return [];
    }
    return [{ state: at, text: text + piece }];
  }
}
