// Filters of Jinja that published templates use (SmolLM3's, Qwen3-Coder's, Hermes') and `@huggingface/jinja` 0.5 does not have. In a
// parsed template they become calls of functions, which are handed to it as variables.

/** A node of the engine's tree, as far as it is looked at here. */
interface Node {
  type?: string;
  operand?: Node;
  filter?: Node & { callee?: Node; args?: Node[] };
  value?: unknown;
}

/** How the engine hands values to functions: texts and numbers as they are, what is in lists and maps as values of its own. */
type Inner = { readonly type: string; readonly value: unknown };
type Value = string | number | boolean | null | undefined | readonly Inner[] | ReadonlyMap<string, Inner>;

const prefix = 'gptlet_filter_';

/** By the names of the filters. */
const filters: Readonly<Record<string, (value: Value, ...args: Value[]) => unknown>> = {
  string: (value) => (typeof value === 'string' ? value : written(value)),
  // Of what is not there, '' as everywhere in Jinja.
  trim: (value) => String(value ?? '').trim(),
  reject: (value, test, argument) => listed(value).filter((item) => !passes(item, test, argument)),
  select: (value, test, argument) => listed(value).filter((item) => passes(item, test, argument)),
};

/** What {@link callMissingFilters} makes a template call. */
export const filterFunctions: Readonly<Record<string, unknown>> = Object.fromEntries(
  Object.entries(filters).map(([name, filter]) => [prefix + name, filter]),
);

/** Puts calls of {@link filterFunctions} in the place of the filters, wherever they stand in a tree. */
export function callMissingFilters(tree: unknown): void {
  if (typeof tree !== 'object' || tree === null) return;
  for (const child of tree instanceof Map ? tree.entries() : Object.values(tree)) callMissingFilters(child);
  const node = tree as Node;
  if (node.type !== 'FilterExpression') return;
  const { operand, filter } = node;
  const name = (filter?.type === 'Identifier' ? filter : filter?.callee)?.value;
  if (typeof name !== 'string' || !Object.hasOwn(filters, name)) return;
  const called = { type: 'CallExpression', callee: { type: 'Identifier', value: prefix + name } };
  delete node.operand;
  delete node.filter;
  Object.assign(node, called, { args: [operand, ...(filter?.args ?? [])] });
}

function listed(value: Value): unknown[] {
  if (!Array.isArray(value)) throw new Error(`reject and select want a list, not ${JSON.stringify(value)}`);
  return value.map((item: Inner) => plainOf(item.value as Value));
}

function passes(item: unknown, test: Value, argument: Value): boolean {
  if (test === 'in') return (plainOf(argument) as unknown[]).includes(item);
  if (test === 'equalto' || test === 'eq' || test === '==') return item === plainOf(argument);
  if (test === undefined) return Boolean(item);
  throw new Error(`there is no test ${JSON.stringify(test)} for reject and select`);
}

/** A value without the engine's wrapping. */
function plainOf(value: Value): unknown {
  if (Array.isArray(value)) return value.map((item: Inner) => plainOf(item.value as Value));
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([key, item]: [string, Inner]) => [key, plainOf(item.value as Value)]));
  return value;
}

/** Within lists and maps there is None; it has no value, as what is not there has none. */
const writtenInner = ({ type, value }: Inner): string => (type === 'NullValue' ? 'None' : written(value as Value));

/** As Python writes a value (its `repr`), which is what `string` comes to for all but texts. */
function written(value: Value): string {
  if (value == null) return '';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (Array.isArray(value)) return `[${value.map((item: Inner) => writtenInner(item)).join(', ')}]`;
  if (value instanceof Map) {
    const pairs = [...value].map(([key, item]: [string, Inner]) => `${written(key)}: ${writtenInner(item)}`);
    return `{${pairs.join(', ')}}`;
  }
  if (typeof value !== 'string') return String(value);
  const quote = value.includes("'") && !value.includes('"') ? '"' : "'";
  const escaped = value
    .replaceAll('\\', '\\\\')
    .replaceAll(quote, `\\${quote}`)
    .replace(/[\n\r\t]/g, (control) => ({ '\n': '\\n', '\r': '\\r', '\t': '\\t' })[control] ?? control);
  return quote + escaped + quote;
}
