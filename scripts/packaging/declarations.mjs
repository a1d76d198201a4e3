// Copies the declarations that the public entries reach to the package.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const relativeImport = /(\bfrom\s+|\bimport\(|\bimport\s+)(['"])(\.{1,2}\/[^'"]+)\2/g;

export function copyDeclarations(entries, from, to) {
  rmSync(to, { recursive: true, force: true });
  const seen = new Set();
  const pending = entries.map((entry) => resolve(from, entry));
  while (pending.length > 0) {
    const path = pending.pop();
    if (seen.has(path)) continue;
    seen.add(path);
    // `./x.ts` in a declaration is for compilers that know the option; `./x.js` is for all.
    const text = readFileSync(path, 'utf8').replace(relativeImport, (_all, before, quote, specifier) => {
      pending.push(resolve(dirname(path), specifier.replace(/\.(ts|js)$/, '.d.ts')));
      return `${before}${quote}${specifier.replace(/\.ts$/, '.js')}${quote}`;
    });
    const target = join(to, relative(resolve(from), path));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, '\n'));
  }
}
