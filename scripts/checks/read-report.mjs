import { existsSync, readFileSync } from 'node:fs';

/** A test runner's JSON report, or undefined when it ended without writing one. */
export function readReport(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}
