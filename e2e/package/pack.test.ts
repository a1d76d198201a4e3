// What `npm pack` puts into the tarball.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { expect, test } from 'vitest';

const [{ files }] = JSON.parse(
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
    'dist/worker-inline.js',
    'dist/worker-constraint.js',
    'dist/worker-constraint-inline.js',
    'dist/worker-texts.js',
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
  // Whatever is used is bundled, with its licence among the notices.
  expect(dependencies).toBeUndefined();
  expect(readFileSync('dist/THIRD-PARTY-NOTICES.txt', 'utf8')).toContain('comlink');
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
