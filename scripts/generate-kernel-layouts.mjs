// Writes sdk/backends/wasm/layouts.gen.ts (committed, reviewed, checked): the structs of wasm/kernels/structs.ts and the
// constants of wasm/kernels/constants.ts, so that the host and its kernels agree on every byte.
// Usage: node scripts/generate-kernel-layouts.mjs [--check]   --check writes nothing and fails when the file is stale.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = 'sdk/backends/wasm/layouts.gen.ts';
const read = (file) => readFileSync(join(root, 'wasm/kernels', file), 'utf8');

const structs = new Map();
for (const [, name, body] of read('structs.ts').matchAll(/^export class (\w+) \{\n([\s\S]*?)^\}/gm)) {
  const fields = [];
  for (const line of body.split('\n').map((text) => text.replace(/\s*\/\/.*/, '').trim())) {
    if (line === '') continue;
    const [, field, type] = /^(\w+): (\w+);$/.exec(line) ?? fail(`${name}: '${line}' is no field`);
    // A struct inside a struct is a pointer, as the compiler has it: all fields take four bytes, none needs padding.
    if (type !== 'f32' && type !== 'i32' && type !== 'usize' && !structs.has(type)) fail(`${name}.${field}: ${type}`);
    fields.push({ field, offset: 4 * fields.length, float: type === 'f32' });
  }
  structs.set(name, fields);
}
if (!structs.has('Model')) fail('there is no struct Model');

/** STAGE_EMBED and its like become one object by their first word, other constants stand alone. */
const groups = new Map([
  ['STAGE', { name: 'stage', says: "Bits of a job's `stages`.", lines: [] }],
  ['ACTIVATION', { name: 'activationCodes', says: 'Values of `activation`.', lines: [] }],
]);
const alone = [];
const source = read('constants.ts');
for (const [, comment, name, type, value] of source.matchAll(
  /(?:\/\*\* (.*) \*\/\n)?export const (\w+): (\w+) = (.*);/g,
)) {
  if (type !== 'i32' || !/^\d+$/.test(value)) fail(`${name}: ${type} = ${value} is no whole number`);
  const [first] = name.split('_', 1);
  const group = groups.get(first);
  if (group) group.lines.push(`${name.slice(first.length + 1).toLowerCase()}: ${value}`);
  else if (!comment) fail(`${name} has no comment of one line before it`);
  else alone.push(`/** ${comment} */\nexport const ${camelCase(name)} = ${value};`);
}

const text = `${[
  '// Written by scripts/generate-kernel-layouts.mjs from wasm/kernels/. Do not edit.\n',
  '/** Every struct: its bytes, the byte offset of each field, and which of them are f32; all others are i32 or addresses. */',
  'export const structs = {',
  ...[...structs].flatMap(([name, fields]) => [
    `  ${name}: {`,
    `    bytes: ${4 * fields.length},`,
    '    offsets: {',
    ...fields.map(({ field, offset }) => `      ${field}: ${offset},`),
    '    },',
    `    floats: [${fields.filter(({ float }) => float).map(({ field }) => `'${field}'`)}],`,
    '  },',
  ]),
  '} as const;\n',
  ...[...groups.values()].map(
    ({ name, says, lines }) => `/** ${says} */\nexport const ${name} = { ${lines.join(', ')} } as const;\n`,
  ),
  alone.join('\n\n'),
].join('\n')}\n`;

if (!process.argv.includes('--check')) writeFileSync(join(root, target), text);
else if (readFileSync(join(root, target), 'utf8') !== text) {
  fail(`${target} is stale: run node scripts/generate-kernel-layouts.mjs and commit it.`);
}

function camelCase(name) {
  return name.toLowerCase().replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
}

function fail(why) {
  console.error(why);
  process.exit(1);
}
