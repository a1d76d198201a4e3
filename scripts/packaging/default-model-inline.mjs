// Writes the embedded model as a JavaScript module (file name → base64): the rung below URLs, for bundlers that
// emit no files for `new URL(…, import.meta.url)`. Only a dynamic import reaches it.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';

export function writeDefaultModelInline(folder, out) {
  const files = readdirSync(folder)
    .filter((name) => /\.(json|safetensors|txt)$/.test(name))
    .sort();
  const entries = files.map((name) => {
    return `  ${JSON.stringify(name)}:\n    '${readFileSync(`${folder}/${name}`).toString('base64')}',\n`;
  });
  mkdirSync('dist', { recursive: true });
  writeFileSync(out, `export default {\n${entries.join('')}};\n`);
}
