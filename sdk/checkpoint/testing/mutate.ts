/** Values that lengths, offsets and counts break at. */
const edges = [0, 1, 2, 7, 8, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];

/** Pieces of JSON that headers and configs break at. */
const jsonPieces = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  'null',
  'true',
  '-1',
  '0',
  '1e308',
  '1e999',
  '9007199254740993',
  '4294967296',
  '0.5',
  '""',
  '"__proto__":1,',
  '"constructor"',
  '"F16"',
  '"BF16"',
  '"I64"',
  '[0,0]',
  '[]',
  '{}',
  '\\u0000',
  '\ud800',
  '[[[[[[[[',
];

/** The bytes with one to four random changes; `focus` says where most of them are to fall. */
export function mutate(bytes: Uint8Array, random: () => number, focus: number): Uint8Array<ArrayBuffer> {
  let result: Uint8Array<ArrayBuffer> = bytes.slice() as Uint8Array<ArrayBuffer>;
  const below = (limit: number): number => Math.floor(random() * limit);
  for (let change = 1 + below(4); change > 0; change--) {
    const at = below(random() < 0.85 ? Math.min(focus, result.length) : result.length);
    switch (below(9)) {
      case 0:
        if (at < result.length) result[at] ^= 1 << below(8);
        break;
      case 1:
        if (at < result.length) result[at] = below(256);
        break;
      case 2: {
        const size = [1, 2, 4, 8][below(4)];
        const view = new DataView(result.buffer);
        const edge = edges[below(edges.length)];
        if (at + size > result.length) break;
        if (size === 1) view.setUint8(at, edge & 0xff);
        else if (size === 2) view.setUint16(at, edge & 0xffff, true);
        else if (size === 4) view.setUint32(at, edge, true);
        else view.setBigUint64(at, BigInt(edge) << BigInt(below(33)), true);
        break;
      }
      case 3:
        result = result.slice(0, at);
        break;
      case 4:
        result = splice(result, at, below(40), new Uint8Array(0));
        break;
      case 5:
        result = splice(result, at, 0, result.slice(at, at + below(60)));
        break;
      case 6:
        result = splice(result, at, below(6), new TextEncoder().encode(jsonPieces[below(jsonPieces.length)]));
        break;
      case 7: {
        const from = below(Math.min(focus, result.length));
        result = splice(result, at, below(30), result.slice(from, from + below(30)));
        break;
      }
      default:
        result = replaceNumber(result, at, below);
    }
  }
  return result;
}

/** Another number in the place of the next one in a text: the header stays JSON, and lies. */
function replaceNumber(
  bytes: Uint8Array<ArrayBuffer>,
  at: number,
  below: (limit: number) => number,
): Uint8Array<ArrayBuffer> {
  const isDigit = (byte: number): boolean => byte >= 48 && byte <= 57;
  let start = at;
  while (start < bytes.length && start < at + 200 && !isDigit(bytes[start])) start++;
  let end = start;
  while (end < bytes.length && isDigit(bytes[end])) end++;
  if (end === start) return bytes;
  const old = Number(new TextDecoder().decode(bytes.subarray(start, end)));
  const numbers = [old + 1, old - 1, old * 2, -old, 0, 1e15, 2 ** 53, edges[below(edges.length)]];
  return splice(bytes, start, end - start, new TextEncoder().encode(String(numbers[below(numbers.length)])));
}

function splice(bytes: Uint8Array, at: number, removed: number, added: Uint8Array): Uint8Array<ArrayBuffer> {
  const rest = bytes.subarray(Math.min(bytes.length, at + removed));
  const result = new Uint8Array(at + added.length + rest.length);
  result.set(bytes.subarray(0, at));
  result.set(added, at);
  result.set(rest, at + added.length);
  return result;
}
