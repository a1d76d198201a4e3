// What half-precision memory cannot hold: weights are refused by name, keys and values saturate.
import { expect, test } from './harness-fixture.ts';

test('a weight that is no number, or too large for its dtype, is refused by name and place', async ({ lab }) => {
  const found = await lab.evaluate(async () => {
    const { makeConfig, webGpuEngine, failure } = harness;
    const tries: [string, 'f32' | 'f16' | 'q8', string, number][] = [
      ['NaN in f32', 'f32', 'blocks.0.attention.projection.bias', Number.NaN],
      ['NaN in f16', 'f16', 'blocks.1.mlp.up.weight', Number.NaN],
      ['NaN in q8', 'q8', 'blocks.1.mlp.up.weight', Number.NaN],
      ['infinite', 'f32', 'finalNorm.weight', Number.POSITIVE_INFINITY],
      ['too large', 'f16', 'blocks.1.mlp.up.weight', -70_000],
      ['too large for q8', 'q8', 'blocks.1.mlp.up.weight', 40_000],
      ['large in a vector', 'f16', 'blocks.1.mlp.up.bias', 70_000],
      ['large in f32', 'f32', 'blocks.1.mlp.up.weight', 70_000],
    ];
    const messages: Record<string, string> = {};
    for (const [what, dtype, name, value] of tries) {
      messages[what] = await failure(async () => {
        const engine = await webGpuEngine(makeConfig(), { dtype }, 1, [name, (data) => data.fill(value, 3, 4)]);
        await engine.dispose();
      });
    }
    return messages;
  });
  expect(found).toEqual({
    'NaN in f32': expect.stringMatching(
      /^BAD_CHECKPOINT: blocks\.0\.attention\.projection\.bias holds NaN at row 0, column 3\./,
    ),
    'NaN in f16': expect.stringMatching(/^BAD_CHECKPOINT: blocks\.1\.mlp\.up\.weight holds NaN at row 3, column 0\./),
    'NaN in q8': expect.stringMatching(/^BAD_CHECKPOINT: blocks\.1\.mlp\.up\.weight holds NaN at row 3, column 0\./),
    infinite: expect.stringMatching(/^BAD_CHECKPOINT: finalNorm\.weight holds Infinity at row 0, column 3\./),
    'too large': expect.stringMatching(
      /^UNSUPPORTED_MODEL: blocks\.1\.mlp\.up\.weight holds -70000 at row 3, column 0, .* f16 .*'f32'/,
    ),
    'too large for q8': expect.stringMatching(
      /^UNSUPPORTED_MODEL: blocks\.1\.mlp\.up\.weight holds 40000 at row 3, column 0, .* q8 /,
    ),
    'large in a vector': 'no error',
    'large in f32': 'no error',
  });
});

for (const dtype of ['f16', 'q8', 'f32'] as const) {
  test(`keys and values beyond f16 leave no NaN in ${dtype}`, async ({ lab }) => {
    const found = await lab.evaluate(async (dtype) => {
      const { makeConfig, webGpuEngine, randomTokens } = harness;
      const config = makeConfig();
      const tokens = randomTokens(config, 20);
      const results: boolean[] = [];
      // The bias of queries, keys and values one after the other: some keys or values of each head in turn.
      for (const first of [config.nEmbd, 2 * config.nEmbd]) {
        const change = (data: Float32Array): void => {
          for (let i = 0; i < config.nEmbd; i += 4) data[first + i] = i % 8 ? 1e5 : -1e6;
        };
        const engine = await webGpuEngine(config, { dtype }, 1, ['blocks.0.attention.qkv.bias', change]);
        const prefilled = await engine.forward(tokens, 0, { logits: 'all' });
        const decoded = await engine.forward(Uint32Array.of(1), 20);
        for (const { logits } of [prefilled, decoded]) results.push((logits as Float32Array).every(Number.isFinite));
        await engine.dispose();
      }
      return results;
    }, dtype);
    expect(found).toEqual([true, true, true, true]);
  });
}
