/** A value for a message, short, whatever it is: rings, symbols and what no JSON holds too. */
export function show(value: unknown): string {
  if (typeof value === 'string')
    return `'${(value.length > 80 ? `${value.slice(0, 80)}…` : value).replaceAll('\n', '\\n')}'`;
  if (!Array.isArray(value)) return Object(value) === value ? {}.toString.call(value) : String(value);
  const items = value.slice(0, 8).map((item) => (Array.isArray(item) ? '[…]' : show(item)));
  return `[${items.join(', ')}${value.length > 8 ? '…' : ''}]`;
}
