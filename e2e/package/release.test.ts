import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));

test('the version stands in package.json, its lockfile and the code alike', () => {
  expect(readFileSync('sdk/platform/version.ts', 'utf8')).toContain(`version = '${manifest.version}'`);
  const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
  expect([lock.version, lock.packages[''].version]).toEqual([manifest.version, manifest.version]);
});

test('a changeset becomes a version and its line in the changelog', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gptlet-release-'));
  try {
    for (const path of [
      'package.json',
      'package-lock.json',
      'CHANGELOG.md',
      'scripts/version.mjs',
      'sdk/platform/version.ts',
      '.changeset',
    ]) {
      cpSync(path, join(folder, path), { recursive: true });
    }
    symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
    const run = (command: string, ...args: string[]) =>
      execFileSync(command, args, { cwd: folder, stdio: 'pipe', encoding: 'utf8' });
    run('git', 'init', '--quiet', '--initial-branch=main');
    writeFileSync(join(folder, '.changeset/quick-owls-sing.md'), '---\n"gptlet": major\n---\n\nOwls sing.\n');
    run('npm', 'run', '--silent', 'version');

    const next = `${Number(manifest.version.split('.')[0]) + 1}.0.0`;
    const read = (path: string) => readFileSync(join(folder, path), 'utf8');
    expect(JSON.parse(read('package.json'))).toEqual({ ...manifest, version: next });
    expect(read('sdk/platform/version.ts')).toContain(`version = '${next}'`);
    const lock = JSON.parse(read('package-lock.json'));
    expect([lock.version, lock.packages[''].version]).toEqual([next, next]);
    // Newest first, the rest as it was.
    expect(read('CHANGELOG.md')).toMatch(
      new RegExp(`^# [^\\n]+\\n\\n## ${next}\\n[^#]*### Major Changes[^#]*Owls sing\\.`),
    );
    expect(read('CHANGELOG.md')).toContain(readFileSync('CHANGELOG.md', 'utf8').split('\n').slice(2).join('\n').trim());
    expect(readdirSync(join(folder, '.changeset'))).not.toContain('quick-owls-sing.md');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
