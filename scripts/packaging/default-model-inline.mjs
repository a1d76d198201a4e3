// Writes the embedded model as a JavaScript module: the rung below URLs, for bundlers that emit no files for
// `new URL(…, import.meta.url)`. Only a dynamic import reaches it. Its weights are quantised to 8 bits, which halves it: with
// dtype 'auto' the CPU would quantise them to the same numbers while loading.
// Usage: node scripts/packaging/default-model-inline.mjs FOLDER OUT   (needs build/sdk)
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { quantize } from '../../build/sdk/cli/quantize.js';

const names = ['config.json', 'generation_config.json', 'tokenizer.json', 'model.safetensors'];

const [folder, out] = process.argv.slice(2);
mkdirSync(dirname(out), { recursive: true });
const quantised = mkdtempSync(`${out}-`);
try {
  await quantize([folder, '--dtype', 'q8', '--out', quantised]);
  const files = names.map((name) => {
    const base64 = readFileSync(join(quantised, name)).toString('base64');
    return `  ${JSON.stringify(name)}: bytes('${base64}'),\n`;
  });
  writeFileSync(
    out,
    `const bytes = (base64) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
export const defaultModelFiles = () => ({
${files.join('')}});
`,
  );
} finally {
  rmSync(quantised, { recursive: true });
}
