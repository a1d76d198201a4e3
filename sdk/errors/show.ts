/** A value for a message, short, whatever it is: rings, symbols and what no JSON holds too. */
export function show(value: unknown): string {
  if (typeof value === 'string') return `'${escaped(value.length > 80 ? `${value.slice(0, 80)}…` : value)}'`;
  if (!Array.isArray(value)) return Object(value) === value ? {}.toString.call(value) : String(value);
  const items = Array.from(value.slice(0, 8), (item) => (Array.isArray(item) ? '[…]' : show(item)));
  return `[${items.join(', ')}${value.length > 8 ? ', …' : ''}]`;
}

/** Line ends and the like as JSON writes them. */
const escaped = (text: string): string => JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"');
