// Rollup plugin: takes out of Comlink what calls and proxies as ours never use, which is in the same functions as what they do use, so
// that no bundler finds out: setting and constructing on the other side, further endpoints, lists of origins. Worth 0.4 kB a side.

/** What goes: cases of the switch over message types, traps of the proxy, conditions of `if` statements. */
const unused = {
  SwitchCase: ({ test }) => ['SET', 'CONSTRUCT', 'ENDPOINT'].includes(test?.value),
  Property: ({ method, key }) => method && ['set', 'construct'].includes(key.name),
  IfStatement: ({ test }, code) => /isAllowedOrigin|last === /.test(code.slice(test.start, test.end)),
};
const total = 8;

export function comlinkParts() {
  return {
    name: 'comlink-parts',
    transform(code, id) {
      if (!id.endsWith('/comlink.mjs')) return null;
      const found = [];
      const visit = (node) => {
        if (unused[node.type]?.(node, code)) found.push(node);
        else for (const child of Object.values(node).flat()) if (child?.type) visit(child);
      };
      visit(this.parse(code));
      if (found.length !== total)
        this.error(`${found.length} parts of Comlink were found in place of ${total}: has it changed?`);
      let out = code;
      for (const { type, start, end } of found.reverse()) {
        const comma = type === 'Property' ? /^,?/.exec(out.slice(end))[0].length : 0;
        // Lines stay where they were.
        const lines = out.slice(start, end).replace(/[^\n]/g, '');
        out = out.slice(0, start) + lines + out.slice(end + comma);
      }
      return { code: out, map: null };
    },
  };
}
