import { expect, test } from './harness-fixture.ts';

test('f16, q8 and q4 lose less than 0.2, 0.5 and 4 % of perplexity on the embedded model', async ({ lab }) => {
  const found = await lab.evaluate(async () => {
    const { cpuCheckpoint, loadCheckpoint, sampleText, perplexity } = harness;
    const path = '/models/default';
    // The model's own text at its default temperature, 0.7: what it knows best, so that every loss shows. The CPU draws it, which
    // takes a software adapter most of a minute.
    const writer = await cpuCheckpoint(path);
    const texts: Uint32Array[] = [];
    for (let seed = 1; seed <= 4; seed++) texts.push(await sampleText(writer, 160, seed));
    await writer.dispose();
    const exact = await loadCheckpoint(path, 'f32');
    const results: Record<string, number> = {};
    const f32 = await perplexity(exact, texts);
    await exact.dispose();
    for (const dtype of ['f16', 'q8', 'q4'] as const) {
      const engine = await loadCheckpoint(path, dtype);
      results[dtype] = (await perplexity(engine, texts)) / f32 - 1;
      await engine.dispose();
    }
    return { ...results, f32 } as Record<'f32' | 'f16' | 'q8' | 'q4', number>;
  });
  test.info().annotations.push({ type: 'perplexity against f32', description: JSON.stringify(found) });
  expect(found.f32).toBeGreaterThan(1.5);
  expect(Math.abs(found.f16)).toBeLessThan(0.002);
  expect(Math.abs(found.q8)).toBeLessThan(0.005);
  expect(Math.abs(found.q4)).toBeLessThan(0.04);
});
