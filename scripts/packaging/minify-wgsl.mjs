// WGSL without what only people read. It has no strings, so all of it can go by pattern.

/**
 * Files without comments and needless space, their identifiers short, the same one in every file (a kernel is put together
 * from several). Kept are the names that code outside uses: of buffers and of the function `main`; names in capitals are
 * constants that a kernel is compiled with.
 * @param {{ name: string, source: string }[]} files
 */
export function minifyWgsl(files) {
  const stripped = files.map(({ name, source }) => ({ name, source: stripSpace(source) }));
  const rename = shortNames(stripped.map(({ source }) => source));
  return stripped.map(({ name, source }) => ({ name, source: source.replace(identifier, rename) }));
}

// After an @ stands an attribute.
const identifier = /(?<!@)\b[a-z_]\w*/gi;

/** A space stays where two words would join. */
function stripSpace(source) {
  return source
    .replace(/\/\/.*$/gm, '')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([{}()[\];:,=+*/<>&|^!%@-]) ?/g, (_, sign) => sign)
    .trim();
}

/** The most frequent names get the shortest new ones, none of which stands anywhere yet (as a swizzle, say). */
function shortNames(sources) {
  const kept = new Set(['main']);
  const declared = new Set();
  const uses = new Map();
  for (const source of sources) {
    for (const [, name] of source.matchAll(/@binding\(\d+\)var<[\w,]+>(\w+)/g)) kept.add(name);
    // What a colon follows is a parameter, a member or a variable.
    for (const [, a, b] of source.matchAll(/\b(?:let|var(?:<\w+>)?|const|fn|struct) ?(\w+)|(\w+):/g))
      declared.add(a ?? b);
    for (const [name] of source.matchAll(identifier)) uses.set(name, (uses.get(name) ?? 0) + name.length);
  }
  const long = [...declared].filter((name) => name.length > 2 && !kept.has(name) && name !== name.toUpperCase());
  const fresh = freshNames(uses);
  const short = new Map(long.sort((a, b) => uses.get(b) - uses.get(a)).map((name) => [name, fresh.next().value]));
  return (name) => short.get(name) ?? name;
}

/** Letters, then a letter and a digit: two letters might be a word of the language. */
function* freshNames(taken) {
  const letters = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  for (const second of ['', ...'0123456789']) {
    for (const first of letters) if (!taken.has(first + second)) yield first + second;
  }
}
