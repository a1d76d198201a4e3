// Tells whether a build step must run again: its inputs' contents are hashed into a stamp beside its outputs.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Hash over names and contents of files and folders (missing ones count as missing). */
export function fingerprint(paths, ignore = () => false) {
  const hash = createHash('sha256');
  for (const path of paths) addPath(hash, path, ignore);
  return hash.digest('hex');
}

function addPath(hash, path, ignore) {
  if (ignore(path)) return;
  if (!existsSync(path)) {
    hash.update(`missing ${path}\n`);
  } else if (statSync(path).isDirectory()) {
    for (const name of readdirSync(path).sort()) addPath(hash, join(path, name), ignore);
  } else {
    hash.update(`file ${path}\n`).update(readFileSync(path));
  }
}

/** Runs `step.run` unless its inputs are as at the last run and its outputs exist. Returns whether it ran. */
export async function runIfChanged({ name, inputs, outputs, ignore, run }) {
  const stamp = `build/stamps/${name}`;
  const current = fingerprint(inputs, ignore);
  const upToDate =
    existsSync(stamp) && readFileSync(stamp, 'utf8') === current && outputs.every((path) => existsSync(path));
  if (upToDate) return false;
  const start = performance.now();
  await run();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, current);
  console.error(`${name} ${((performance.now() - start) / 1000).toFixed(1)} s`);
  return true;
}
