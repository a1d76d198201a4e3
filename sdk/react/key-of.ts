const numbers = new WeakMap<object, number>();
let numbered = 0;

/**
 * A text that is the same for values that mean the same model, though a component makes the objects anew with every render. Plain
 * objects are told by what is in them, other ones by themselves, and functions not at all.
 */
export function keyOf(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'function') return 'function';
  if (typeof value !== 'object' || value === null) return String(value);
  if (value instanceof URL) return JSON.stringify(value.href);
  if (Object.getPrototypeOf(value) === Object.prototype) {
    const given = Object.entries(value).filter((entry) => entry[1] != null);
    return `{${given.map(([name, inner]) => `${JSON.stringify(name)}:${keyOf(inner)}`).sort()}}`;
  }
  let number = numbers.get(value);
  if (number === undefined) numbers.set(value, (number = ++numbered));
  return `#${number}`;
}
