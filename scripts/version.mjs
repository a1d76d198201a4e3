// `npm run version`: collects the changesets into package.json and CHANGELOG.md, then brings what repeats the version up to date.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const changeset = createRequire(import.meta.url).resolve('@changesets/cli/bin.js');
const { status } = spawnSync(process.execPath, [changeset, 'version'], { stdio: 'inherit' });
if (status !== 0) process.exit(status ?? 1);

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

/** Puts the version where the pattern finds the old one. */
function replace(path, pattern) {
  const text = readFileSync(path, 'utf8');
  if (!pattern.test(text)) throw new Error(`${path} names no version`);
  writeFileSync(
    path,
    text.replace(pattern, (_, before, after) => `${before}${version}${after}`),
  );
}

replace('sdk/platform/version.ts', /(version = ')[^']+(')/);
// Its own two places are the first.
replace('package-lock.json', /^(\{\s+"name": "gptlet",\s+"version": ")[^"]+(")/);
replace('package-lock.json', /("": \{\s+"name": "gptlet",\s+"version": ")[^"]+(")/);
