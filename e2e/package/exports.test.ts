// The built package as Node sees it: `gptlet` resolves to this very package, through the exports map.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runModule } from './run-node.ts';

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));

const names: Record<string, readonly string[]> = {
  '.': [
    'canRun',
    'connect',
    'generate',
    'GptletError',
    'listCached',
    'loadModel',
    'openWeightCache',
    'probe',
    'removeCached',
  ],
  './tokenizer': ['createTokenizer'],
  './sampler': ['createSampler'],
  './heads': ['createClassifier', 'createSpanFinder', 'loadClassifier'],
  './react': ['useChat', 'useClassifier', 'useCompletion', 'useModel'],
  './elements': ['GptletChat', 'GptletClassify', 'GptletComplete', 'defineElements'],
  './prompting': ['answerQuestion', 'fewShot', 'rank', 'summarize', 'translate', 'zeroShot'],
  './openai': ['createOpenAIHandler'],
  './ai-sdk': ['createGptlet'],
};

for (const [subpath, expected] of Object.entries(names)) {
  test(`gptlet${subpath.slice(1)} exports its names and nothing else`, async () => {
    const specifier = subpath.replace('.', 'gptlet');
    const output = await runModule(`console.log(JSON.stringify(Object.keys(await import('${specifier}'))))`);
    expect(JSON.parse(output).sort()).toEqual([...expected].sort());
  });
}

test('every export and the command exist, with types before code', () => {
  for (const [subpath, target] of Object.entries<Record<string, string>>(manifest.exports)) {
    if (subpath === './package.json') continue;
    expect(Object.keys(target)[0]).toBe('types');
    for (const path of Object.values(target)) expect(readFileSync(path, 'utf8').length, path).toBeGreaterThan(0);
  }
  expect(readFileSync(manifest.bin.gptlet, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
});

test('importing reads no global of a page and starts nothing', async () => {
  // Every global that a server lacks throws when touched; a timer or a handle left behind would keep Node alive.
  const output = await runModule(`
    for (const name of ['window', 'document', 'navigator', 'self', 'Worker', 'caches', 'indexedDB', 'localStorage']) {
      Object.defineProperty(globalThis, name, { configurable: true, get() { throw new Error('touched ' + name); } });
    }
    for (const name of ['compile', 'instantiate', 'Module', 'Instance', 'Memory']) {
      Object.defineProperty(WebAssembly, name, { get() { throw new Error('touched WebAssembly.' + name); } });
    }
    globalThis.fetch = () => { throw new Error('touched fetch'); };
    for (const subpath of ${JSON.stringify(Object.keys(names))}) await import(subpath.replace('.', 'gptlet'));
    const kept = process.getActiveResourcesInfo().filter((name) => /Timeout|Immediate|Worker|MessagePort/.test(name));
    process.stdout.write(JSON.stringify(kept));
  `);
  expect(output).toBe('[]');
});

test('both sides of the worker boundary carry the version of package.json', () => {
  for (const name of ['worker', 'worker-wasm', 'worker-embedded', 'worker-embedded-wasm', 'worker-inline']) {
    const file = `dist/${name}.js`;
    expect(readFileSync(file, 'utf8'), file).toContain(manifest.version);
  }
});
