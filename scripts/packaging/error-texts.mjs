// Rollup plugin for workers: takes the texts of error messages out of the code. What a worker throws holds a text's number and what
// goes into it; the page, which alone shows errors, looks the text up (sdk/worker/error-texts.ts) when there is one to show.
// From Unicode's private use area: no text of ours or of a user's has them.
const [open, gap, close] = ['\ue000', '\ue001', '\ue002'];
const helper = '__text';

// Shared by the workers of one build, so that all their numbers mean the same; `gap` stands where a value goes.
const texts = new Map();

/** Also emits the table, as a module of the page's. */
export function errorTexts(fileName) {
  return {
    name: 'error-texts',
    renderChunk(code) {
      const found = messages(this.parse(code));
      if (found.length === 0) this.error('no error message found: was GptletError renamed?');
      let out = code;
      for (const { start, end, parts, values } of found.sort((a, b) => b.start - a.start)) {
        const number = numberOf(parts.join(gap));
        const list = [number, ...values.map((value) => out.slice(value.start, value.end))];
        out = `${out.slice(0, start)}${helper}(${list.join(', ')})${out.slice(end)}`;
      }
      const define = `const ${helper} = (...parts) => '${escaped(open)}' + parts.map(String).join('${escaped(gap)}') + '${escaped(close)}';`;
      return { code: `${define}${out}`, map: null };
    },
    generateBundle() {
      const list = [...texts.keys()].map((text) => JSON.stringify(text)).join(',\n');
      this.emitFile({ type: 'asset', fileName, source: `export const errorTexts = [\n${list}\n];\n` });
    },
  };
}

const escaped = (character) => `\\u${character.charCodeAt(0).toString(16)}`;

function numberOf(text) {
  if (!texts.has(text)) texts.set(text, texts.size);
  return texts.get(text);
}

/** The literals of messages: in the arguments of errors, and of the functions that make errors of what they are given. */
function messages(program) {
  const errors = new Set();
  walk(program, (node) => {
    if (/^Class/.test(node.type) && /Error$/.test(node.superClass?.name)) errors.add(node.id?.name);
  });
  const makers = new Set();
  const makesError = (node) =>
    node.type === 'NewExpression'
      ? errors.has(node.callee.name)
      : node.type === 'CallExpression' && makers.has(calleeName(node));
  // Until there are no more: one maker may call another.
  for (let before = -1; before < makers.size; ) {
    before = makers.size;
    walk(program, (node, name) => {
      if (!/Function/.test(node.type) || !name) return;
      const given = new Set(node.params.map((param) => param.name ?? param.left?.name).filter(Boolean));
      const passesOn = (made) => made && makesError(made) && made.arguments.some((arg) => mentions(arg, given));
      const throws = (child) => child.type === 'ThrowStatement' && passesOn(child.argument);
      if (passesOn(result(node)) || contains(node.body, throws)) makers.add(name);
    });
  }
  const found = [];
  walk(program, (node) => {
    if (!makesError(node)) return false;
    for (const argument of node.arguments) {
      walk(argument, (child) => {
        const literal = asMessage(child);
        if (literal) found.push(literal);
        // What goes into a text is left alone: it is spliced in as it stands.
        return literal !== undefined;
      });
    }
    return true;
  });
  return found;
}

/** What a function ends with: the value of an arrow, or of its last return. */
const result = ({ body }) => (body.type === 'BlockStatement' ? body.body.at(-1)?.argument : body);
const calleeName = ({ callee }) => callee.property?.name ?? callee.name;
const mentions = (node, names) => contains(node, (child) => child.type === 'Identifier' && names.has(child.name));

function contains(node, test) {
  let found = false;
  walk(node, (child) => {
    found ||= test(child);
    return found;
  });
  return found;
}

/** A literal that reads like a sentence, as its fixed parts and the expressions between them. */
function asMessage({ type, start, end, value, quasis, expressions }) {
  const parts =
    type === 'TemplateLiteral'
      ? quasis.map((quasi) => quasi.value.cooked)
      : type === 'Literal' && typeof value === 'string'
        ? [value]
        : undefined;
  if (!parts || parts.join('').length < 14 || !/[a-z,;:'] [a-z(]/.test(parts.join('x'))) return undefined;
  return { start, end, parts, values: expressions ?? [] };
}

/** Calls `visit` with each node and, for functions, the name they are bound to; does not go below where it returns true. */
function walk(node, visit, name) {
  if (visit(node, node.id?.name ?? name)) return;
  for (const [key, child] of Object.entries(node)) {
    const bound = key === 'init' || key === 'value' ? (node.id?.name ?? node.key?.name) : undefined;
    for (const one of Array.isArray(child) ? child : [child])
      if (typeof one?.type === 'string') walk(one, visit, bound);
  }
}
