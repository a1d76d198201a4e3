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

/** A pickle that is damaged, or wants more than tables of tensors need. */
export class PickleError extends Error {}

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
export function unpickle(bytes: Uint8Array, globals: PickleGlobals, start = 0): { value: unknown; end: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const stack: unknown[] = [];
  const memo = new Map<number, unknown>();
  let at = start;

  const take = (count: number): number => {
    if (count < 0 || at + count > bytes.length)
      throw new PickleError(`it ends in the middle of an operation (${count} bytes wanted at byte ${at})`);
    at += count;
    return at - count;
  };
  const uint8 = (): number => bytes[take(1)];
  const uint32 = (): number => view.getUint32(take(4), true);
  const length8 = (): number => Number(view.getBigUint64(take(8), true));
  const text = (count: number): string => {
    const from = take(count);
    return new TextDecoder().decode(bytes.subarray(from, at));
  };
  const line = (): string => {
    const end = bytes.indexOf(10, at);
    if (end < 0) throw new PickleError(`a line at byte ${at} has no end`);
    const result = text(end - at);
    at = end + 1;
    return result;
  };
  const pop = (): unknown => {
    const value = stack.pop();
    if (value === undefined || value === mark)
      throw new PickleError(`it takes a value that is not there, at byte ${at}`);
    return value;
  };
  const popToMark = (): unknown[] => {
    const from = stack.lastIndexOf(mark);
    if (from < 0) throw new PickleError(`it goes back to a mark that is not there, at byte ${at}`);
    const values = stack.splice(from + 1);
    stack.pop();
    return values;
  };
  const top = <T>(type: new (...args: never[]) => T): T => {
    const value = stack.at(-1);
    if (!(value instanceof type)) throw new PickleError(`it adds to something that is no ${type.name}, at byte ${at}`);
    return value;
  };
  const setItems = (items: readonly unknown[]): void => {
    const map = top(Map);
    if (items.length % 2 !== 0) throw new PickleError(`a key has no value, at byte ${at}`);
    for (let i = 0; i < items.length; i += 2) map.set(items[i], items[i + 1]);
  };
  const string = (value: unknown): string => {
    if (typeof value !== 'string') throw new PickleError(`a name is no text, at byte ${at}`);
    return value;
  };
  const remembered = (key: number): unknown => {
    if (!memo.has(key)) throw new PickleError(`it recalls value ${key}, which it never kept, at byte ${at}`);
    return memo.get(key);
  };
  const keep = (key: number): void => {
    const value = stack.at(-1);
    if (value === undefined || value === mark)
      throw new PickleError(`it keeps a value that is not there, at byte ${at}`);
    memo.set(key, value);
  };

  for (;;) {
    const operation = uint8();
    switch (operation) {
      case 0x80: // PROTO
        if (uint8() > 5) throw new PickleError(`its protocol ${bytes[at - 1]} is unknown`);
        break;
      case 0x95: // FRAME: only a hint for readers of streams
        take(8);
        break;
      case 0x2e: // STOP
        return { value: pop(), end: at };
      case 0x28: // MARK
        stack.push(mark);
        break;
      case 0x4e: // NONE
        stack.push(null);
        break;
      case 0x88: // NEWTRUE
      case 0x89: // NEWFALSE
        stack.push(operation === 0x88);
        break;
      case 0x4a: // BININT
        stack.push(view.getInt32(take(4), true));
        break;
      case 0x4b: // BININT1
        stack.push(uint8());
        break;
      case 0x4d: // BININT2
        stack.push(view.getUint16(take(2), true));
        break;
      case 0x8a: // LONG1
        stack.push(longInteger(bytes.subarray(take(uint8()), at)));
        break;
      case 0x47: // BINFLOAT
        stack.push(view.getFloat64(take(8), false));
        break;
      case 0x58: // BINUNICODE
      case 0x54: // BINSTRING, of Python 2
        stack.push(text(uint32()));
        break;
      case 0x8c: // SHORT_BINUNICODE
      case 0x55: // SHORT_BINSTRING
        stack.push(text(uint8()));
        break;
      case 0x8d: // BINUNICODE8
        stack.push(text(length8()));
        break;
      case 0x5d: // EMPTY_LIST
      case 0x29: // EMPTY_TUPLE
        stack.push([]);
        break;
      case 0x7d: // EMPTY_DICT
        stack.push(new Map());
        break;
      case 0x74: // TUPLE
        stack.push(popToMark());
        break;
      case 0x85: // TUPLE1 to TUPLE3
      case 0x86:
      case 0x87: {
        const values = Array.from({ length: operation - 0x84 }, pop).reverse();
        stack.push(values);
        break;
      }
      case 0x61: {
        // APPEND
        const value = pop();
        top(Array).push(value);
        break;
      }
      case 0x65: {
        // APPENDS
        const values = popToMark();
        const list = top(Array);
        for (const value of values) list.push(value);
        break;
      }
      case 0x73: {
        // SETITEM
        const value = pop();
        setItems([pop(), value]);
        break;
      }
      case 0x75: // SETITEMS
        setItems(popToMark());
        break;
      case 0x71: // BINPUT
        keep(uint8());
        break;
      case 0x72: // LONG_BINPUT
        keep(uint32());
        break;
      case 0x94: // MEMOIZE
        keep(memo.size);
        break;
      case 0x68: // BINGET
        stack.push(remembered(uint8()));
        break;
      case 0x6a: // LONG_BINGET
        stack.push(remembered(uint32()));
        break;
      case 0x63: {
        // GLOBAL
        const module = line();
        stack.push(globals.find(module, line()));
        break;
      }
      case 0x93: {
        // STACK_GLOBAL
        const name = string(pop());
        stack.push(globals.find(string(pop()), name));
        break;
      }
      case 0x52: {
        // REDUCE
        const args = pop();
        if (!Array.isArray(args)) throw new PickleError(`a call's arguments are no tuple, at byte ${at}`);
        stack.push(globals.call(pop(), args));
        break;
      }
      case 0x51: // BINPERSID
        stack.push(globals.persistent(pop()));
        break;
      case 0x62: // BUILD: attributes of a state dict, of no use here
        pop();
        top(Map);
        break;
      default:
        throw new PickleError(
          `it uses the operation 0x${operation.toString(16)} at byte ${at - 1}, which no table of tensors needs`,
        );
    }
  }
}

/** A little-endian two's complement integer; those that a double cannot hold are no sizes of ours. */
function longInteger(bytes: Uint8Array): number {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]);
  return Number(BigInt.asIntN(8 * Math.max(1, bytes.length), value));
}
