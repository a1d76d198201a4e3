import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { compileConstraint } from '../../build/sdk/constraint/compile-constraint.js';
import { evaluate as evaluateSuite } from '../tasks/schema-suite.mjs';
import { evaluate as evaluateSchemas } from '../tasks/schemas.mjs';
import { writeInstance } from './instance-order.mjs';
import { WorkApart } from './work-apart.mjs';

const write = (jsonSchema, instance) => writeInstance(compileConstraint({ jsonSchema }).machine, instance);
const typed = (...names) => ({
  type: 'object',
  properties: Object.fromEntries(names.map((name) => [name, { type: 'integer' }])),
});

describe('an instance is written in the order of properties that its constraint takes', () => {
  it.each([
    ['properties', typed('a', 'b', 'c'), { c: 3, a: 1, b: 2 }, '{"a":1,"b":2,"c":3}'],
    ['required names, then others', { ...typed('a'), required: ['z'] }, { q: 0, z: 1, a: 2 }, '{"a":2,"z":1,"q":0}'],
    [
      'others that must wait',
      { ...typed('a', 'r', 'e'), required: ['r'] },
      { e: 1, r: 2, a: 3 },
      '{"a":3,"r":2,"e":1}',
    ],
    ['parts in order', { allOf: [typed('b'), typed('a')] }, { a: 1, b: 2 }, '{"b":2,"a":1}'],
    [
      'whichever branch fits',
      {
        anyOf: [
          { ...typed('a', 'b'), required: ['x'] },
          { ...typed('b', 'a'), required: ['y'] },
        ],
        properties: {},
      },
      { a: 1, b: 2, y: 3 },
      '{"b":2,"a":1,"y":3}',
    ],
    [
      'inside of others',
      { properties: { l: { items: typed('a', 'b') } } },
      { l: [{ b: 1, a: 2 }] },
      '{"l":[{"a":2,"b":1}]}',
    ],
  ])('%s', (_, schema, instance, text) => {
    expect(write(schema, instance)).toEqual({ text, gaveUp: false });
  });

  it('and what does not fit says how far it got', () => {
    expect(write(typed('a', 'b'), { b: 'x', a: 1 })).toEqual({
      text: undefined,
      stopped: '{"a":1,"b": ⟂ "x"',
      gaveUp: false,
    });
  });

  it('without trying all orders where there are too many', () => {
    const instance = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`n${i}`, i < 11 ? i : 'x']));
    expect(write({ additionalProperties: { type: 'integer' } }, instance)).toMatchObject({
      text: undefined,
      gaveUp: true,
    });
  });
});

describe('work apart', () => {
  const script = (code) =>
    new URL(`data:text/javascript,import{parentPort}from'node:worker_threads';parentPort.on('message',(m)=>{${code}})`);

  it('is given up where it takes too long, fails or fills memory, and goes on with what comes next', async () => {
    const code =
      "if(m==='long')for(;;);if(m==='bad')throw new Error('broken');if(m==='big'){const a=[];for(;;)a.push(new Array(1e5).fill(m.length))}parentPort.postMessage({m})";
    const apart = new WorkApart(script(code), { seconds: 5, megabytes: 32 });
    expect(await apart.ask('bad')).toEqual({ error: 'is given up: broken' });
    expect(await apart.ask('big')).toEqual({ error: 'is given up: takes more than 32 MB' });
    expect(await apart.ask('long')).toEqual({ error: 'is given up: takes more than 5 s' });
    expect(await apart.ask('short')).toEqual({ m: 'short' });
    await apart.close();
  });
});

describe('the evaluations', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gptlet-schemas-'));
  const put = (path, value) => {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), JSON.stringify(value));
  };
  beforeAll(() => {
    vi.spyOn(console, 'log').mockImplementation(() => {});
  });
  afterAll(() => {
    vi.restoreAllMocks();
    rmSync(folder, { recursive: true });
  });
  const figures = (rows) =>
    Object.fromEntries(rows.map(({ case: name, metric, median }) => [`${name}: ${metric}`, median]));

  it('count schemas, and instances that are let through or refused', async () => {
    const tests = [
      { valid: true, data: { b: 1, a: 2 } },
      { valid: false, data: { a: 'x' } },
    ];
    put('bench/a.json', { schema: typed('a', 'b'), tests });
    put('bench/b.json', { schema: { type: 'unheard of' }, tests });
    // Its author is wrong twice.
    put('bench/c.json', { schema: typed('a', 'b'), tests: tests.map((test) => ({ ...test, valid: !test.valid })) });
    put('bench/d.json', {});
    put('bench/e.json', { schema: { pattern: '(?<=a)b' }, tests });
    put('bench/f.json', {});
    put('bench/g.json', { schema: false, tests: [{ valid: false, data: 1 }] });
    const rows = figures(await evaluateSchemas({ file: join(folder, 'bench') }));
    const title = 'JSONSchemaBench, every second schema';
    expect(rows).toMatchObject({
      [`${title}: schemas taken`]: 3 / 4,
      [`${title}: schemas with every instance judged right`]: 2 / 4,
      [`${title}: those taken, with every instance judged right`]: 2 / 3,
      [`${title}: wrong instances`]: 3,
      [`${title}: wrong instances let through`]: 1,
      [`${title}: right instances`]: 2,
      [`${title}: right instances refused`]: 1,
    });
    expect(rows[`${title}: compile time, median`]).toBeGreaterThan(0);
  });

  it('count groups of the suite, and what cannot be right', async () => {
    const group = (schema, valid) => ({
      description: 'one',
      schema,
      tests: [{ description: 'two', data: 'x', valid }],
    });
    put('suite/draft2020-12/type.json', [group({ type: 'string' }, true), group({ type: 'string' }, false)]);
    put('suite/draft2020-12/format.json', [group({ format: 'date' }, true)]);
    put('suite/draft2020-12/optional/more.json', [group({ type: 'string' }, false)]);
    // Beside $ref nothing counts in draft 7.
    put('suite/draft7/ref.json', [
      group({ $ref: '#/definitions/a', type: 'integer', definitions: { a: {} } }, true),
      group({ $ref: 'http://localhost:1234/a.json' }, true),
    ]);
    const elsewhere = 'groups: needs a document from elsewhere';
    const formats = 'groups: asks that a format is not enforced';
    expect(figures(await evaluateSuite({ file: join(folder, 'suite') }))).toEqual({
      'JSON Schema Test Suite, draft2020-12: groups judged right': 1 / 3,
      [`JSON Schema Test Suite, draft2020-12: ${elsewhere}`]: 0,
      [`JSON Schema Test Suite, draft2020-12: ${formats}`]: 1,
      'JSON Schema Test Suite, draft7: groups judged right': 1 / 2,
      [`JSON Schema Test Suite, draft7: ${elsewhere}`]: 1,
      [`JSON Schema Test Suite, draft7: ${formats}`]: 0,
    });
  });
});
