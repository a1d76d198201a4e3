// Writes what the WebGPU backend needs of shaders/*.wgsl:
//   sdk/backends/webgpu/shaders.gen.ts        the WGSL without comments and needless space (not committed)
//   sdk/backends/webgpu/rare-shaders.gen.ts   the same of what pages load when they need it (not committed)
//   sdk/backends/webgpu/layouts.gen.ts        struct offsets (committed, reviewed, checked)
// and of shaders/gradients/*.wgsl what training on WebGPU needs:
//   sdk/gradients/webgpu/shaders.gen.ts       the same way (not committed)
// Usage: node scripts/generate-shaders.mjs [--check]   --check writes nothing and fails when the layouts are stale.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WgslReflect } from 'wgsl_reflect/wgsl_reflect.module.js';

/** What a page with a GPT-2 on a GPU does without, by what needs it. */
const rare = new Set([
  // Families after the papers'.
  ...[
    'heads',
    'join',
    'convolution',
    'parts/rows-joined',
    'parts/norm-rms',
    'parts/turn-none',
    'parts/turn-rotary',
    'parts/queries-heads',
  ],
  ...['parts/place-none', 'parts/store-gated', 'parts/cap-tanh'],
  // Software adapters.
  ...['attention-direct', 'matmul-direct', 'matvec-direct', 'parts/reduce-alone'],
  // Adapters.
  ...['parts/bias-adapted', 'parts/store-low'],
  // An experiment that is off by default.
  'matmul-matrices',
  // Weights in q4, caches in f32, activations of other families.
  ...['parts/weights-q4', 'parts/kv-read-f32', 'parts/kv-write-f32'],
  ...['parts/activate-gelu', 'parts/activate-relu', 'parts/activate-silu', 'parts/activate-tanh'],
]);

const root = fileURLToPath(new URL('..', import.meta.url));
const target = join(root, 'sdk/backends/webgpu');
const read = (folder, prefix = '') =>
  readdirSync(join(root, folder))
    .filter((file) => file.endsWith('.wgsl'))
    .sort()
    .map((file) => ({
      name: prefix + basename(file, '.wgsl'),
      source: readFileSync(join(root, folder, file), 'utf8'),
    }));

const files = [...read('shaders'), ...read('shaders/parts', 'parts/')];
const banner = '// Written by scripts/generate-shaders.mjs from shaders/. Do not edit.\n';
const key = (name) => (/^[a-z_]+$/i.test(name) ? name : `'${name}'`);

/** WGSL has no strings, so that all of this can go by pattern. A space stays where two words would join. */
const stripped = (source) =>
  source
    .replace(/\/\/.*$/gm, '')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([{}()[\];:,=+*/<>&|^!%@-]) ?/g, '$1')
    .trim();

const sources = (constant, wanted) =>
  [
    banner,
    "/** WGSL by file name; parts stand under 'parts/name'. */",
    `export const ${constant}: Readonly<Record<string, string>> = {`,
    ...wanted.map(({ name, source }) => `  ${key(name)}: ${JSON.stringify(stripped(source))},`),
    '};\n',
  ].join('\n');

/** Byte offsets by struct and member. Of every file only the structs: the parser does not know all of WGSL. */
const structs = new WgslReflect(files.flatMap(({ source }) => source.match(/^struct [\s\S]*?\}/gm) ?? []).join('\n'))
  .structs;
const offsets = new Map(
  structs.map(({ name, members }) => [name, members.map((member) => `${member.name}: ${member.offset}`).join(', ')]),
);
const layouts = [
  banner,
  '/** Byte offsets of the members of every struct. */',
  'export const structOffsets = {',
  ...[...offsets].map(([name, members]) => `  ${name}: { ${members} },`),
  '} as const;\n',
].join('\n');

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
  const [usual, others] = [files.filter(({ name }) => !rare.has(name)), files.filter(({ name }) => rare.has(name))];
  writeFileSync(join(target, 'shaders.gen.ts'), sources('shaderSources', usual));
  writeFileSync(join(target, 'rare-shaders.gen.ts'), sources('rareShaderSources', others));
  writeFileSync(layoutsFile, layouts);
  const shared = files.filter(({ name }) => name === 'parts/reduce-workgroup');
  const gradients = [...read('shaders/gradients'), ...read('shaders/gradients/parts', 'parts/'), ...shared];
  writeFileSync(join(root, 'sdk/gradients/webgpu/shaders.gen.ts'), sources('gradientShaders', gradients));
}
