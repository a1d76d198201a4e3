// Writes the embedded model as a JavaScript module: the rung below URLs, for bundlers that emit no files for
// `new URL(…, import.meta.url)`. Only a dynamic import reaches it.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const names = ['config.json', 'generation_config.json', 'tokenizer.json', 'model.safetensors'];

export function writeDefaultModelInline(folder, out) {
  const files = names.map((name) => {
    const base64 = readFileSync(`${folder}/${name}`).toString('base64');
    return `  ${JSON.stringify(name)}: bytes('${base64}'),\n`;
  });
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(
    out,
    `const bytes = (base64) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
export const defaultModelFiles = () => ({
${files.join('')}});
`,
  );
}
