import { describe, expect, it } from 'vitest';
import { parseServeArguments, serveHelp } from './serve-arguments.ts';

const parse = (...args: string[]) => parseServeArguments(args, {});

function catchError(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    return error;
  }
}

describe('gptlet serve', () => {
  it('is for this machine alone, where nothing else is said', () => {
    expect(parse()).toMatchObject({
      models: [{ name: 'gptlet', source: undefined }],
      ...{ host: '127.0.0.1', port: 8080, hostNames: [], keys: [], origins: [], maxBodyBytes: 4194304, maxQueue: 100 },
    });
  });

  it.each([
    ['owner/name', 'owner/name', 'owner/name'],
    ['owner/name:Q4_K_M', 'owner/name:Q4_K_M', 'owner/name:Q4_K_M'],
    ['chat=owner/name', 'chat', 'owner/name'],
    ['llama3:8b=owner/name', 'llama3:8b', 'owner/name'],
    ['./models/one/', 'one', './models/one/'],
    ['C:\\models\\one', 'one', 'C:\\models\\one'],
    ['https://example.com/one?key=secret', 'one', 'https://example.com/one?key=secret'],
    ['chat=https://example.com/one?a=b', 'chat', 'https://example.com/one?a=b'],
    ['/models/a=b', 'a=b', '/models/a=b'],
  ])('--model %s is %s from %s', (given, name, source) => {
    expect(parse('--model', given).models).toEqual([{ name, source }]);
  });

  it('takes keys of its options and of the environment', () => {
    const { keys, host } = parseServeArguments(['--host', '0.0.0.0', '--key', 'one', '--key', 'two'], {
      GPTLET_KEY: 'three',
    });
    expect({ keys, host }).toEqual({ keys: ['one', 'two', 'three'], host: '0.0.0.0' });
    expect(parseServeArguments(['--host', '[::]'], { GPTLET_KEY: 'three' }).host).toBe('::');
  });

  it.each([
    [['--host', '0.0.0.0'], "--host is '0.0.0.0', which other machines may reach; also give the key"],
    [['--host', 'box.example', '--key', ''], 'A key is empty'],
    [['--host', ''], "--host is ''; it must be an address of this machine"],
    [['--key', 'with space'], 'A key is empty or has characters that no header holds'],
    [['--port', '65536'], "--port is '65536'; it must be a whole number from 0 to 65535."],
    [['--port', '80.5'], "--port is '80.5'; it must be a whole number from 0 to 65535."],
    [['--max-body', '0'], "--max-body is '0'; it must be a whole number from 1."],
    [['--max-queue', 'many'], "--max-queue is 'many'; it must be a number."],
    [['--cors', 'https://example.com/'], "--cors is 'https://example.com/'; it must be an origin"],
    [['--cors', 'example.com'], "--cors is 'example.com'; it must be an origin"],
    [['--model', 'a=one', '--model', 'a=two'], "Two models are called 'a'"],
    [['gpt2'], "'gpt2' is no option of gptlet serve; name models with --model."],
    [['--max-que', '80'], "There is no option '--max-que'; did you mean '--max-queue'? See gptlet serve --help."],
  ])('%j: %s', (args, message) => {
    const refusal = { code: 'INVALID_OPTION', message: expect.stringContaining(message) };
    expect(() => parse(...args)).toThrow(expect.objectContaining(refusal));
  });

  it('has help for every option that there is', () => {
    const told = /there are (.+)\. See/.exec(String(catchError(() => parse('--none-of-these'))))?.[1].split(', ') ?? [];
    expect(told.length).toBeGreaterThan(10);
    for (const name of told) expect(serveHelp).toMatch(new RegExp(`^  ${name} `, 'm'));
  });

  it('no message has a key in it', () => {
    expect(() => parse('--key', 'my secret')).toThrow(
      expect.objectContaining({ message: expect.not.stringMatching(/my/) }),
    );
  });
});
