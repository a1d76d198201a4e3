import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from './harness-fixture.ts';

// A checkpoint's optional files are asked for and may be absent, which Chromium logs.
test.use({ expectedErrors: /status of 404/ });

for (const [dtype, name] of [
  ['q8', 'gpt2-nhead3-nctx77'],
  ['q8', 'gpt-neo-tiny'],
  ['q4', 'gpt2-nhead3-nctx77'],
  ['q4', 'gpt-neo-tiny'],
  ['q8', 'gpt2-odd'],
] as const) {
  test(`${name} as a ${dtype} file of gptlet quantize: the numbers of the file, and of quantising on load`, async ({
    lab,
  }) => {
    const folder = mkdtempSync(join(tmpdir(), 'gptlet-quantised-'));
    try {
      const command = ['dist/cli.js', 'quantize', `fixtures/${name}`, '--dtype', dtype, '--out', folder];
      execFileSync(process.execPath, command, { stdio: 'pipe' });
      await lab.route('**/quantised/*', (route) => {
        const path = join(folder, new URL(route.request().url()).pathname.split('/').at(-1) as string);
        return existsSync(path) ? route.fulfill({ path }) : route.fulfill({ status: 404 });
      });
      const found = await lab.evaluate(
        async ({ dtype, name }) => {
          const { loadCheckpoint, referenceCheckpoint, relativeError, maxDifference, randomTokens } = harness;
          const fromFile = await loadCheckpoint('/quantised', dtype);
          const onLoad = await loadCheckpoint(`/fixtures/${name}`, dtype);
          const plain = await referenceCheckpoint('/quantised');
          const tokens = randomTokens(fromFile.config, 20);
          const [file, load, reference] = [
            await fromFile.forward(tokens, 0, { logits: 'all' }),
            await onLoad.forward(tokens, 0, { logits: 'all' }),
            await plain.forward(tokens, 0, { logits: 'all' }),
          ].map(({ logits }) => logits as Float32Array);
          await fromFile.dispose();
          await onLoad.dispose();
          return { toLoad: maxDifference(file, load), toReference: relativeError(file, reference) };
        },
        { dtype, name },
      );
      // Keys and values are kept in f16.
      expect(found.toReference).toBeLessThan(3e-3);
      expect(found.toLoad).toBe(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}
