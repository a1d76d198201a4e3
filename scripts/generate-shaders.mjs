// Writes what the WebGPU backend needs of shaders/*.wgsl:
//   sdk/backends/webgpu/shaders.gen.ts   the WGSL without comments and needless space (not committed)
//   sdk/backends/webgpu/layouts.gen.ts   binding numbers, types and struct offsets (committed, reviewed, checked)
// Usage: node scripts/generate-shaders.mjs [--check]   --check writes nothing and fails when the layouts are stale.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ResourceType, WgslReflect } from 'wgsl_reflect/wgsl_reflect.module.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = join(root, 'sdk/backends/webgpu');
const read = (folder) =>
  readdirSync(join(root, folder))
    .filter((file) => file.endsWith('.wgsl'))
    .sort()
    .map((file) => ({ name: basename(file, '.wgsl'), source: readFileSync(join(root, folder, file), 'utf8') }));

/** WGSL has no strings, so comments and space can go by pattern. A space stays where two words would join. */
function minify(source) {
  return source
    .replace(/\/\/.*$/gm, '')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([{}()[\];:,=+*/<>&|^!%@-]) ?/g, (_, sign) => sign)
    .trim();
}

const accessToType = { read: 'read-only-storage', read_write: 'storage' };
const bindingType = (resource) =>
  resource.resourceType === ResourceType.Uniform ? 'uniform' : accessToType[resource.access];

/** Bindings and uniform or storage structs of one file. A part alone names constants that its kernel defines: they get 4. */
function reflect({ source }) {
  const constants = [
    'K',
    'N',
    'V',
    'A',
    'C',
    'HS',
    'NH',
    'CTX',
    'SPLITS',
    'WG',
    'ROWS',
    'ROW0',
    'COUNT',
    'BIAS',
    'LANES',
  ];
  const missing = constants.filter((name) => !new RegExp(`const ${name}\\b`).test(source));
  // Declarations only: the parser does not know all expressions that function bodies use. Bodies end at a brace in column 0.
  const declarations = source.replace(/^enable .*$/gm, '').replace(/^(@compute.*\n)?fn [\s\S]*?(\n}|}$)/gm, '');
  const reflection = new WgslReflect(missing.map((name) => `const ${name}: u32 = 64;`).join('') + declarations);
  const bindings = {};
  const structs = {};
  for (const resource of reflection.getBindGroups().flat()) {
    if (!resource) continue;
    bindings[resource.name] = [resource.binding, bindingType(resource)];
  }
  for (const struct of reflection.structs) {
    structs[struct.name] = Object.fromEntries(struct.members.map((member) => [member.name, member.offset]));
  }
  return { bindings, structs };
}

const kernels = read('shaders');
const parts = read('shaders/parts');
const banner = '// Written by scripts/generate-shaders.mjs from shaders/. Do not edit.\n';
const literal = (value) => JSON.stringify(value).replaceAll('"', "'");
const key = (name) => (/^[a-z_]+$/i.test(name) ? name : `'${name}'`);

const shaders =
  `${banner}\n/** WGSL by file name; parts stand under 'parts/name'. */\nexport const shaderSources: Readonly<Record<string, string>> = {\n` +
  [...kernels, ...parts.map((part) => ({ ...part, name: `parts/${part.name}` }))]
    .map(({ name, source }) => `  ${key(name)}: ${JSON.stringify(minify(source))},\n`)
    .join('') +
  '};\n';

let layouts = `${banner}\n/** Number and type of every binding of group 0, by file and variable. */\nexport const bindingLayouts: Readonly<Record<string, Readonly<Record<string, readonly [number, GPUBufferBindingType]>>>> = {\n`;
const structs = {};
for (const [prefix, files] of [
  ['', kernels],
  ['parts/', parts],
]) {
  for (const file of files) {
    const reflected = reflect(file);
    Object.assign(structs, reflected.structs);
    const entries = Object.entries(reflected.bindings).map(
      ([name, value]) => `${name}: ${literal(value).replace(',', ', ')}`,
    );
    if (entries.length > 0) layouts += `  ${key(prefix + file.name)}: { ${entries.join(', ')} },\n`;
  }
}
layouts +=
  '};\n\n' +
  '/** Byte offsets of the members of every struct. */\nexport const structOffsets = {\n' +
  Object.entries(structs)
    .map(
      ([name, members]) =>
        `  ${name}: { ${Object.entries(members)
          .map(([member, offset]) => `${member}: ${offset}`)
          .join(', ')} },\n`,
    )
    .join('') +
  '} as const;\n';

const layoutsFile = join(target, 'layouts.gen.ts');
if (process.argv.includes('--check')) {
  let current = '';
  try {
    current = readFileSync(layoutsFile, 'utf8');
  } catch {
    // Absent counts as stale.
  }
  if (current !== layouts) {
    console.error('sdk/backends/webgpu/layouts.gen.ts is stale: run node scripts/generate-shaders.mjs and commit it.');
    process.exit(1);
  }
} else {
  writeFileSync(join(target, 'shaders.gen.ts'), shaders);
  writeFileSync(layoutsFile, layouts);
}
