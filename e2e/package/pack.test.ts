// What `npm pack` puts into the tarball.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { checkPackage, Package } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { expect, test } from 'vitest';

const [{ files, name, version }] = JSON.parse(
  execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { encoding: 'utf8' }),
);
const paths: string[] = files.map((file: { path: string }) => file.path);

test('the package holds code, declarations, models and their papers, nothing else', () => {
  const allowed = [
    /^package\.json$/,
    /^(README|LICENSE|CHANGELOG)(\.md)?$/,
    /^dist\/[\w.-]+\.js(\.map)?$/,
    /^dist\/types\/[\w./-]+\.d\.ts$/,
    /^dist\/THIRD-PARTY-NOTICES\.txt$/,
    /^models\/(default|sentiment)\/[\w.-]+\.(json|safetensors|txt|md)$/,
    /^models\/(README\.md|(loss|accuracy)\.svg)$/,
  ];
  expect(paths.filter((path) => !allowed.some((pattern) => pattern.test(path)))).toEqual([]);
});

test('the embedded model inside JavaScript is the quantised one, half the size of the files', async () => {
  const { defaultModelFiles } = await import(`${process.cwd()}/dist/default-model-inline.js`);
  const inCode = defaultModelFiles()['model.safetensors'] as Uint8Array;
  const asFile = readFileSync('models/default/model.safetensors');
  expect(inCode.length).toBeLessThan(0.6 * asFile.length);
  const headerBytes = Number(new DataView(inCode.buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(inCode.subarray(8, 8 + headerBytes)));
  expect(header.__metadata__).toMatchObject({ format: 'gptlet', dtype: 'q8' });
});

test('the package holds what it promises', () => {
  const required = [
    'README.md',
    'LICENSE',
    'dist/index.js',
    'dist/worker.js',
    'dist/worker-wasm.js',
    'dist/worker-embedded.js',
    'dist/worker-embedded-wasm.js',
    'dist/worker-inline.js',
    'dist/worker-constraint.js',
    'dist/worker-constraint-inline.js',
    'dist/worker-training.js',
    'dist/worker-training-inline.js',
    'dist/default-model-inline.js',
    'dist/gptlet.single.js',
    'dist/cli.js',
    'dist/THIRD-PARTY-NOTICES.txt',
    'dist/types/index.d.ts',
    'models/README.md',
    'models/default/config.json',
    'models/default/tokenizer.json',
    'models/default/model.safetensors',
  ];
  expect(required.filter((path) => !paths.includes(path))).toEqual([]);
});

test('every URL that the code makes of its own address leads to a packed file', () => {
  const referenced = paths
    .filter((path) => /^dist\/[\w.-]+\.js$/.test(path) && !path.includes('inline'))
    .flatMap((path) => [
      ...readFileSync(path, 'utf8').matchAll(/new URL\(["'`](\.[^"'`]+)["'`],\s*import\.meta\.url\)/g),
    ])
    .map(([, url]) => new URL(url, 'file:///dist/x.js').pathname.slice(1));
  expect(referenced.length).toBeGreaterThanOrEqual(5);
  // The sentiment model is optional until it is trained; its loader says so.
  const missing = referenced.filter(
    (path) => !paths.includes(path) && !(path.startsWith('models/sentiment/') && !existsSync('models/sentiment')),
  );
  expect(missing).toEqual([]);
});

test('nothing runs on install', () => {
  const { scripts, dependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
  expect(Object.keys(scripts).filter((name) => /install|prepare/.test(name))).toEqual([]);
  // Whatever is used is bundled.
  expect(dependencies).toBeUndefined();
});

test('each package whose code is in a bundle has its whole licence among the notices, and no other', () => {
  const bundled = new Set(
    paths
      .filter((path) => path.endsWith('.js.map'))
      .flatMap((path) => JSON.parse(readFileSync(path, 'utf8')).sources as string[])
      .flatMap((source) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1] ?? []),
  );
  expect([...bundled]).toContain('comlink');
  const notices = readFileSync('dist/THIRD-PARTY-NOTICES.txt', 'utf8');
  for (const dependency of bundled) {
    const folder = `node_modules/${dependency}`;
    const { version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
    expect(notices).toContain(`${dependency} ${version}\n`);
    expect(notices).toContain(readFileSync(`${folder}/LICENSE`, 'utf8').trim());
    expect(readFileSync('docs/dependencies.md', 'utf8')).toContain(`| ${license} |`);
  }
  expect(notices.match(/^(@[\w-]+\/)?[\w.-]+ \d+\.\d+\.\d+$/gm)).toHaveLength(bundled.size);
});

test('no file tells where it was built', () => {
  const text = paths.filter(
    (path) => /\.(js|map|ts|json|md|txt)$/.test(path) && !path.includes('default-model-inline'),
  );
  const telling = text.filter((path) => readFileSync(path, 'utf8').includes(process.cwd()));
  expect(telling).toEqual([]);
});

test('publint finds nothing to say', async () => {
  const { messages, pkg } = await publint({ pkgDir: '.', level: 'suggestion', strict: true, pack: 'npm' });
  expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
});

test('arethetypeswrong finds nothing wrong for importers of modules: Node and bundlers', async () => {
  const code = paths.filter((path) => /\.(js|ts|json)$/.test(path) && !path.startsWith('models/'));
  const contents = Object.fromEntries(
    code.map((path) => [`/node_modules/${name}/${path}`, readFileSync(path, 'utf8')] as const),
  );
  const result = await checkPackage(new Package(contents, name, version));
  if (!result.types) throw new Error('no types were found');
  expect(Object.keys(result.entrypoints)).toEqual(
    Object.keys(JSON.parse(readFileSync('package.json', 'utf8')).exports),
  );
  // There is no CommonJS, as attw's own profile `esm-only` has it.
  const others = ['node10', 'node16-cjs'];
  const problems = result.problems.filter(
    (problem) => !('resolutionKind' in problem && others.includes(problem.resolutionKind)),
  );
  expect(problems).toEqual([]);
});
