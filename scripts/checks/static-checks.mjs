import { runNode } from './run-command.mjs';

const biome = 'node_modules/@biomejs/biome/bin/biome';
const tsc = 'node_modules/@typescript/native/bin/tsc';
const limits = ['--max-diagnostics=50', '--error-on-warnings'];

/** Before the build, which brings them up to date: what is committed must be so already. */
const beforeBuild = [
  ["shaders' layouts are current", 'scripts/generate-shaders.mjs', '--check'],
  ["kernels' layouts are current", 'scripts/generate-kernel-layouts.mjs', '--check'],
];

/** Checks that pass or fail as a whole: name, then the program and its arguments. */
const afterBuild = [
  // Includes import cycles. What folders may import, sdk/rooms.test.ts holds.
  ['lint', biome, 'lint', ...limits],
  ['format', biome, 'check', '--linter-enabled=false', ...limits],
  ['types of the package', tsc, '-p', 'tsconfig.json', '--noEmit'],
  ['types of the demos', tsc, '-p', 'demos/tsconfig.json'],
  ['types of the browser tests', tsc, '-p', 'e2e/tsconfig.json'],
  ['API reports are current', 'scripts/api-report.mjs', '--check'],
  ['unused files, exports and dependencies', 'node_modules/knip/bin/knip.js', '--no-progress'],
];

export const checkGeneratedFiles = () => runAll(beforeBuild);
export const runStaticChecks = () => runAll(afterBuild);

async function runAll(checks) {
  const result = { passed: 0, failed: 0, skipped: [] };
  for (const [name, script, ...args] of checks) {
    const code = await runNode(script, args);
    console.log(`${code === 0 ? 'ok' : 'FAILED'}  ${name}`);
    result[code === 0 ? 'passed' : 'failed']++;
  }
  return result;
}
