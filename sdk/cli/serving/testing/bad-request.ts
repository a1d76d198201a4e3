import type { Afterwards } from './raw-request.ts';

/** A request that must not be answered with success, as bytes; what it is for messages. */
export interface BadRequest {
  readonly kind: string;
  readonly bytes: Buffer;
  readonly afterwards: Afterwards;
}

type Random = () => number;

/** Makes one bad request of a kind that `random` chooses, of at most some 300 kB; bodies may have `maxBodyBytes`. */
export function badRequest(random: Random, maxBodyBytes: number): BadRequest {
  const kind = pick(random, Object.keys(kinds));
  const bytes = Buffer.from(kinds[kind](random, maxBodyBytes), 'latin1');
  // Nothing is said to one who may yet send the rest, until the time for it is over.
  const isPart = kind === 'half a request' || kind === 'chunks without end';
  return { kind, bytes, afterwards: random() < 0.1 ? 'destroy' : isPart ? 'end' : 'wait' };
}

const pick = <Item>(random: Random, items: readonly Item[]): Item => items[Math.floor(random() * items.length)];
const upTo = (random: Random, end: number): number => Math.floor(random() * end);
const noise = (random: Random, length: number): string =>
  String.fromCharCode(...Array.from({ length }, () => upTo(random, 256)));

const path = '/v1/chat/completions';
const json = 'Content-Type: application/json\r\n';
const head = (line: string, headers = ''): string => `${line} HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n`;
const post = (body: string, headers = json, to = path): string =>
  head(`POST ${to}`, `${headers}Content-Length: ${body.length}\r\n`) + body;

/** A chat that would be answered. */
const good = { model: 'tiny', messages: [{ role: 'user', content: 'Hello' }] };

/** Each makes a text whose characters are bytes. */
const kinds: Readonly<Record<string, (random: Random, maxBodyBytes: number) => string>> = {
  'bytes of no protocol': (random) => `${noise(random, 1 + upTo(random, 3000))}\r\n\r\n`,
  'another protocol': (random) =>
    pick(random, ['\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 'SSH-2.0-x\r\n', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n']),
  'another version': (random) =>
    `GET /health HTTP/${pick(random, ['1.7', '3.0', '11', 'x', ''])}\r\nHost: localhost\r\n\r\n`,
  'no such method': (random) =>
    head(`${pick(random, ['PUT', 'DELETE', 'PATCH', 'TRACE', 'PROPFIND', 'get', 'FETCH', ''])} ${path}`),
  'the wrong method': (random) => (random() < 0.5 ? head(`GET ${path}`) : post('{}', json, '/v1/models')),
  'a proxy’s request': (random) =>
    pick(random, [head('CONNECT example.com:443'), head('GET http://example.com/'), head('OPTIONS *')]),
  'no such path': (random) =>
    head(
      `GET ${pick(random, ['/', '/../../etc/passwd', '/%2e%2e/%2e%2e/etc/passwd', '/package.json', '//example.com/v1', '/v1', '/v1/%00', '/v1/models/%E0%A4%A', '/v1/models/no-such', '/\\..\\x', `/${'a'.repeat(8000)}`])}`,
    ),
  'a path with blanks or bytes': (random) => head(`GET /v1/ ${noise(random, 20)}`),
  'a wrong host': (random) =>
    `GET /v1/models HTTP/1.1\r\nHost: ${pick(random, ['evil.example', 'localhost.evil.example', 'a@localhost', 'localhost:99999', '[::1', '', 'localhost\r\nHost: localhost'])}\r\n\r\n`,
  'no host': () => 'GET /v1/models HTTP/1.1\r\n\r\n',
  'another origin': () => post(JSON.stringify(good), `${json}Origin: https://evil.example\r\n`),
  'headers too large': (random) => head(`GET /v1/models`, `X-Large: ${'x'.repeat(20_000 + upTo(random, 200_000))}\r\n`),
  'too many headers': () => head('GET /v1/models', 'X-Many: 1\r\n'.repeat(3000)),
  'headers that are none': (random) =>
    head(
      'GET /v1/models',
      pick(random, [
        'no colon\r\n',
        ': no name\r\n',
        'A b: c\r\n',
        'X: \x00\r\n',
        'X: a\rb\r\n',
        `${noise(random, 30)}: x\r\n`,
      ]),
    ),
  'a wrong length': (random) =>
    head(
      `POST ${path}`,
      `${json}Content-Length: ${pick(random, ['-1', 'x', '1e3', '99999999999999999999', '5\r\nContent-Length: 6', '0x10', ''])}\r\n`,
    ) + JSON.stringify(good),
  'two ways to say the length': () =>
    `${head(`POST ${path}`, `${json}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n`)}0\r\n\r\n`,
  'chunks that are none': (random) =>
    head(`POST ${path}`, `${json}Transfer-Encoding: chunked\r\n`) +
    pick(random, ['x\r\n', 'ffffffffffffffffff\r\n', '-5\r\nhello\r\n', '3\r\nhello\r\n0\r\n\r\n']),
  'chunks without end': () => `${head(`POST ${path}`, `${json}Transfer-Encoding: chunked\r\n`)}5\r\nhello`,
  'an encoding that is not known': (random) =>
    `${head(
      `POST ${path}`,
      `${json}Transfer-Encoding: ${pick(random, ['gzip', 'chunked, gzip', 'chunked chunked'])}\r\n`,
    )}{}`,
  'a body too large': (random, most) => post('x'.repeat(most + 1 + upTo(random, most))),
  'a body too large, in chunks': (random, most) => {
    const size = most + 1 + upTo(random, most);
    return `${head(`POST ${path}`, `${json}Transfer-Encoding: chunked\r\n`)}${size.toString(16)}\r\n${'x'.repeat(size)}\r\n0\r\n\r\n`;
  },
  'a body too large, only said': (random, most) =>
    head(`POST ${path}`, `${json}Content-Length: ${most * (2 + upTo(random, 1000))}\r\n`),
  'half a request': (random) => {
    const whole = post(JSON.stringify(good));
    return whole.slice(0, 1 + upTo(random, whole.length - 1));
  },
  'an expectation': () => `${head(`POST ${path}`, `${json}Expect: wonders\r\nContent-Length: 2\r\n`)}{}`,
  'another type': (random) =>
    post(
      JSON.stringify(good),
      pick(random, [
        '',
        'Content-Type: text/plain\r\n',
        'Content-Type: multipart/form-data\r\n',
        'Content-Type: application/jsonx\r\n',
      ]),
    ),
  'no JSON': (random) => {
    const text = JSON.stringify(good);
    const at = upTo(random, text.length - 1);
    return post(
      pick(random, [
        text.slice(0, at),
        noise(random, 1 + upTo(random, 500)),
        '',
        '{"a":',
        `\ufeff${text}`.replace('\ufeff', '\xff'),
        `${text}}`,
      ]),
    );
  },
  'JSON of another shape': (random) => post(pick(random, ['null', '1', '"text"', '[]', '[{}]', 'true', '{}'])),
  'JSON without end': (random) => post(pick(random, ['[', '{"a":']).repeat(1 + upTo(random, 20_000))),
  'deep JSON': (random) => {
    const depth = 200 + upTo(random, 20_000);
    return post(`{"model":"tiny","messages":${'['.repeat(depth)}${']'.repeat(depth)}}`);
  },
  'parameters of another type': (random) => {
    const wrong = pick<unknown>(random, [
      null,
      -1,
      'x',
      [],
      {},
      [[]],
      [null],
      { role: 'user' },
      [{ role: 'king', content: 'x' }],
      [{ role: 'user' }],
      [{ role: 'user', content: 5 }],
      [{ role: 'user', content: [{ type: 'image_url' }] }],
    ]);
    return post(JSON.stringify({ ...good, messages: wrong }));
  },
  'parameters out of range': (random) =>
    post(
      JSON.stringify({
        ...good,
        ...pick<object>(random, [
          { temperature: -1 },
          { top_p: 'x' },
          { n: 0 },
          { n: 1e9 },
          { max_tokens: -5 },
          { seed: 0.5 },
          { stop: 7 },
          { logit_bias: 3 },
          { tools: 1 },
          { tool_choice: [] },
          { response_format: 'x' },
          { stream: 'yes' },
          { stream_options: 5 },
          { top_logprobs: 100 },
          { unheard: 1 },
        ]),
      }),
    ),
  'a model that is not there': (random) =>
    post(
      JSON.stringify({
        ...good,
        model: pick<unknown>(random, ['other', '', '__proto__', 'constructor', 'toString', 7, null, { a: 1 }, '../x']),
      }),
    ),
  'embeddings and completions of what has none': (random) =>
    post(
      JSON.stringify({ model: 'tiny', input: 'x', prompt: 'x' }),
      json,
      pick(random, ['/v1/embeddings', '/v1/completions']),
    ),
};
