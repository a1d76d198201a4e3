import { expect, it } from 'vitest';
import { parseArguments } from './arguments.ts';
import { quantize } from './quantize.ts';

const refusal = (message: string) =>
  expect.objectContaining({ name: 'GptletError', code: 'INVALID_OPTION', message: expect.stringContaining(message) });

it.each([
  [['--topk', '3'], "There is no option '--topk'; did you mean '--top-k'? See gptlet --help."],
  [['--top_p=0.9'], "There is no option '--top_p'; did you mean '--top-p'?"],
  [['--maxNewTokens', '3'], "There is no option '--maxNewTokens'; did you mean '--max-new-tokens'?"],
  [['hello', '--no-json'], "There is no option '--no-json'; did you mean '--json'?"],
  [['-q'], "There is no option '-q'; there are --model, --backend, "],
  [['--seed'], "'--seed <value>' argument missing See gptlet --help."],
  [['--seed', 'one'], "--seed is 'one'; it must be a number."],
])('gptlet %j: %s', (args, message) => {
  expect(() => parseArguments(args)).toThrow(refusal(message));
});

it('gptlet quantize names the option that was meant, too', async () => {
  await expect(quantize(['gpt2', '--dtyp', 'q8'])).rejects.toEqual(
    refusal("There is no option '--dtyp'; did you mean '--dtype'? Usage: gptlet quantize SOURCE"),
  );
});

it('what follows -- is text, whatever it looks like', () => {
  expect(parseArguments(['--seed', '4', '--', '--topk', '3'])).toMatchObject({
    prompt: '--topk 3',
    generate: { seed: 4 },
  });
});
