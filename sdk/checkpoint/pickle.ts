import { yieldToEventLoop } from '../platform/event-loop.ts';
import { PickleError, PickleReader } from './pickle-reader.ts';

/** Other tasks have their turn after so many, a few ms: the table of a large model has tens of thousands. */
const operationsATurn = 2000;

/**
 * What a pickle may refer to by name: anything else is refused. A global is called with arguments
 * (pickle's REDUCE) or stands as a value.
 */
export interface PickleGlobals {
  /** @throws for a name that is not allowed. */
  find(module: string, name: string): unknown;
  /** The value of a call; throws for a callee that is not to be called. */
  call(callee: unknown, args: readonly unknown[]): unknown;
  /** The value of a persistent id: torch refers to storages so. */
  persistent(id: unknown): unknown;
}

const mark: unique symbol = Symbol('mark');

/**
 * Runs a pickle of protocol 2 to 4 as data: no code is looked up but through `globals`, and only the
 * operations exist that tables of tensors need. Dicts become Maps, lists and tuples arrays, None null.
 * Operations: the comments of CPython's pickletools.py.
 *
 * @param start where the pickle begins in `bytes`
 * @returns the value, and where the pickle ends
 * @throws PickleError saying what was wrong and at which byte.
 */
export async function unpickle(
  bytes: Uint8Array,
  globals: PickleGlobals,
  start = 0,
): Promise<{ value: unknown; end: number }> {
  const reader = new PickleReader(bytes, start);
  const stack: unknown[] = [];
  const memo = new Map<number, unknown>();

  const broken = (what: string): PickleError => new PickleError(`${what}, at byte ${reader.at}`);
  const pop = (): unknown => {
    const value = stack.pop();
    if (value === undefined || value === mark) throw broken('it takes a value that is not there');
    return value;
  };
  const popToMark = (): unknown[] => {
    const from = stack.lastIndexOf(mark);
    if (from < 0) throw broken('it goes back to a mark that is not there');
    const values = stack.splice(from + 1);
    stack.pop();
    return values;
  };
  const top = <T>(type: new (...args: never[]) => T): T => {
    const value = stack.at(-1);
    if (!(value instanceof type)) throw broken(`it adds to something that is no ${type.name}`);
    return value;
  };
  const setItems = (items: readonly unknown[]): void => {
    const map = top(Map);
    if (items.length % 2 !== 0) throw broken('a key has no value');
    for (let i = 0; i < items.length; i += 2) map.set(items[i], items[i + 1]);
  };
  const popString = (): string => {
    const value = pop();
    if (typeof value !== 'string') throw broken('a name is no text');
    return value;
  };
  const remembered = (key: number): unknown => {
    if (!memo.has(key)) throw broken(`it recalls value ${key}, which it never kept`);
    return memo.get(key);
  };
  const keep = (key: number): void => {
    const value = stack.at(-1);
    if (value === undefined || value === mark) throw broken('it keeps a value that is not there');
    memo.set(key, value);
  };

  /** What an operation puts on the stack; undefined for one that does something else. */
  const made = (operation: number): unknown => {
    switch (operation) {
      case 0x28: // MARK
        return mark;
      case 0x4e: // NONE
        return null;
      case 0x88: // NEWTRUE
      case 0x89: // NEWFALSE
        return operation === 0x88;
      case 0x4a: // BININT
        return reader.int32();
      case 0x4b: // BININT1
        return reader.uint8();
      case 0x4d: // BININT2
        return reader.uint16();
      case 0x8a: // LONG1
        return reader.longInteger(reader.uint8());
      case 0x47: // BINFLOAT
        return reader.float64();
      case 0x58: // BINUNICODE
      case 0x54: // BINSTRING, of Python 2
        return reader.text(reader.uint32());
      case 0x8c: // SHORT_BINUNICODE
      case 0x55: // SHORT_BINSTRING
        return reader.text(reader.uint8());
      case 0x8d: // BINUNICODE8
        return reader.text(reader.length8());
      case 0x5d: // EMPTY_LIST
      case 0x29: // EMPTY_TUPLE
        return [];
      case 0x7d: // EMPTY_DICT
        return new Map();
      case 0x74: // TUPLE
        return popToMark();
      case 0x85: // TUPLE1 to TUPLE3
      case 0x86:
      case 0x87:
        return Array.from({ length: operation - 0x84 }, pop).reverse();
      case 0x68: // BINGET
        return remembered(reader.uint8());
      case 0x6a: // LONG_BINGET
        return remembered(reader.uint32());
      case 0x63: // GLOBAL
        return globals.find(reader.line(), reader.line());
      case 0x93: {
        // STACK_GLOBAL
        const name = popString();
        return globals.find(popString(), name);
      }
      case 0x52: {
        // REDUCE
        const args = pop();
        if (!Array.isArray(args)) throw broken("a call's arguments are no tuple");
        return globals.call(pop(), args);
      }
      case 0x51: // BINPERSID
        return globals.persistent(pop());
    }
  };

  for (let count = 1; ; count++) {
    if (count % operationsATurn === 0) await yieldToEventLoop();
    const operation = reader.uint8();
    const value = made(operation);
    if (value !== undefined) {
      stack.push(value);
      continue;
    }
    switch (operation) {
      case 0x80: // PROTO
        if (reader.uint8() > 5) throw new PickleError(`its protocol ${bytes[reader.at - 1]} is unknown`);
        break;
      case 0x95: // FRAME: only a hint for readers of streams
        reader.take(8);
        break;
      case 0x2e: // STOP
        return { value: pop(), end: reader.at };
      case 0x61: {
        // APPEND
        const item = pop();
        top(Array).push(item);
        break;
      }
      case 0x65: {
        // APPENDS
        const items = popToMark();
        const list = top(Array);
        for (const item of items) list.push(item);
        break;
      }
      case 0x73: // SETITEM
        setItems([pop(), pop()].reverse());
        break;
      case 0x75: // SETITEMS
        setItems(popToMark());
        break;
      case 0x71: // BINPUT
        keep(reader.uint8());
        break;
      case 0x72: // LONG_BINPUT
        keep(reader.uint32());
        break;
      case 0x94: // MEMOIZE
        keep(memo.size);
        break;
      case 0x62: // BUILD: attributes of a state dict, of no use here
        pop();
        top(Map);
        break;
      default:
        throw new PickleError(
          `it uses the operation 0x${operation.toString(16)} at byte ${reader.at - 1}, which no table of tensors needs`,
        );
    }
  }
}
