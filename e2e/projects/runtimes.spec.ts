// Bun and Deno, 100 MB and more each: `GPTLET_ALL=1 npx playwright test e2e/projects/runtimes.spec.ts`, on Linux with glibc.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { expectedTokens, maxNewTokens, prompt } from './expected-tokens.ts';
import { freshProject } from './fresh-project.ts';
import { pinned } from './versions.ts';

test.skip(!process.env.GPTLET_ALL, 'Bun and Deno are large: set GPTLET_ALL=1');

/** Where npm puts the program: nothing runs on install, so no link to it is made. */
const runtimes = {
  bun: { program: '@oven/bun-linux-x64/bin/bun', args: [] },
  deno: { program: '@deno/linux-x64-glibc/deno', args: ['run', '--allow-all'] },
} as const;

for (const [name, { program, args }] of Object.entries(runtimes)) {
  test(`the command runs in ${name}, with the same tokens`, async () => {
    test.setTimeout(300_000);
    const project = await freshProject({}, pinned(name as keyof typeof runtimes));
    try {
      const modules = join(project.folder, 'node_modules');
      const options = ['--json', '--backend', 'wasm', '--temperature', '0', '--max-new-tokens', String(maxNewTokens)];
      const command = [...args, join(modules, 'gptlet/dist/cli.js'), prompt, ...options];
      const { stdout } = await promisify(execFile)(join(modules, program), command, { cwd: project.folder });
      expect(JSON.parse(stdout).tokenIds).toEqual(await expectedTokens());
    } finally {
      await project.remove();
    }
  });
}
