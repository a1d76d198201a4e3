// Rollup plugin: the licence texts of the packages whose code went into a bundle.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

// Of all outputs of one build: each writes the file anew, the last one writes it whole.
const packages = new Map();

export function thirdPartyNotices() {
  return {
    name: 'third-party-notices',
    generateBundle(_options, bundle) {
      for (const output of Object.values(bundle)) {
        for (const id of Object.keys(output.modules ?? {})) addPackageOf(id);
      }
      const source = [...packages.values()].sort().join('\n\n');
      this.emitFile({ type: 'asset', fileName: 'THIRD-PARTY-NOTICES.txt', source: `${source}\n` });
    },
  };
}

function addPackageOf(id) {
  const [, root] = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id) ?? [];
  if (!root || packages.has(root)) return;
  const { name, version, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const file = readdirSync(root).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file ? readFileSync(join(root, file), 'utf8').trim() : `Licence: ${license}`;
  packages.set(root, `${name} ${version}\n\n${text}`);
}
