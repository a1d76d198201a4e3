// docs/packaging.md says what was tried with which version: the tests hold both.
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { versions } from '../projects/versions.ts';

const page = readFileSync('docs/packaging.md', 'utf8');
const rows = page.split('\n').filter((line) => line.startsWith('| '));

/** How the table calls them; the others are helpers of these. */
const names: Partial<Record<keyof typeof versions, string>> = {
  vite: 'Vite, production build',
  webpack: 'webpack, production build',
  esbuild: 'esbuild',
  rollup: 'Rollup',
  rolldown: 'Rolldown',
  parcel: 'Parcel',
  next: 'Next.js',
  bun: 'Bun',
  deno: 'Deno',
};

test.each(Object.entries(names))('the row of %s names the version that is tested', (tool, name) => {
  const row = rows.filter((line) => line.startsWith(`| ${name}`));
  expect(row).toHaveLength(1);
  expect(row[0]).toContain(`| ${versions[tool as keyof typeof versions]}`);
});

test('React is named in the version that is tested', () => {
  for (const row of rows.filter((line) => /React \d/.test(line))) expect(row).toContain(`React ${versions.react}`);
});

test('tools that are locked here are tried in the locked version', () => {
  for (const tool of ['vite', 'esbuild', 'rollup', '@rollup/plugin-node-resolve', 'rolldown'] as const) {
    const { version } = JSON.parse(readFileSync(`node_modules/${tool}/package.json`, 'utf8'));
    expect(versions[tool], tool).toBe(version);
  }
});

test('every test that the page names is there', () => {
  const paths = [...page.matchAll(/`(e2e\/[^\s`]*)`/g)].map(([, path]) => path);
  expect(paths.length).toBeGreaterThan(15);
  expect(paths.filter((path) => !existsSync(path))).toEqual([]);
});
