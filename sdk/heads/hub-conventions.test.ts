import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { editedFixture } from '../checkpoint/testing/edited-fixture.ts';
import { softmax } from '../loaded-model/softmax.ts';
import { resolveLoadOptions } from '../loading/load-options.ts';
import { loadModelHere } from '../testing/load-model-here.ts';
import { type Classifier, createClassifier } from './classifier.ts';

const fixtures = ['gpt2-entailment-classifier', 'gpt1-entailment-classifier', 'gpt-neo-multi-label-classifier'];

/** A classifier of a fixture with as many labels, whose config.json says of them what `says` holds. */
async function classifierWith(
  labels: number,
  says: Record<string, unknown>,
  fixture = 'gpt2-entailment-classifier',
  dtype: 'f32' | 'q8' = 'f32',
): Promise<Classifier> {
  const files = editedFixture(fixture, (tensors, config) => {
    for (const name of ['id2label', 'label2id', 'num_labels', 'problem_type']) delete config[name];
    Object.assign(config, says);
    const score = tensors.get('score.weight')!;
    const rowBytes = score.bytes.length / score.shape[0];
    score.shape[0] = labels;
    score.bytes = score.bytes.slice(0, labels * rowBytes);
  });
  const named = fixture.startsWith('gpt1')
    ? ['vocab.json', 'merges.txt', 'special_tokens_map.json']
    : ['tokenizer.json'];
  const tokenizer = Object.fromEntries(
    named.map((name) => [name, Uint8Array.from(readFileSync(`fixtures/${fixture}/${name}`))]),
  );
  return createClassifier(
    await loadModelHere({ ...files, ...tokenizer }, resolveLoadOptions({ backend: 'wasm', dtype })),
  );
}

describe('what labels mean where problem_type is absent', () => {
  it.each<[string, number, Record<string, unknown>]>([
    ['one that is named', 1, { id2label: { 0: 'stars' } }],
    ['one that num_labels counts', 1, { num_labels: 1 }],
    ['one, and problem_type null', 1, { num_labels: 1, problem_type: null }],
    ['two that are named', 2, { id2label: { 0: 'bad', 1: 'good' } }],
    ['two that num_labels counts', 2, { num_labels: 2 }],
    ['two because nothing is said', 2, {}],
    ['three that num_labels counts', 3, { num_labels: 3 }],
  ])('%s', async (_, count, says) => {
    const classifier = await classifierWith(count, says);
    const found = await classifier.classify('a b');
    const { startToken, extractToken } = classifier.model.config.head?.inputFormat ?? {};
    const { tokenizer } = classifier.model;
    const special = (token?: string): number[] => (token ? [tokenizer.specialTokens.get(token)!] : []);
    const ids = [...special(startToken), ...tokenizer.encode('a b'), ...special(extractToken)];
    const logits = await classifier.classifyIds(ids);
    expect(logits).toHaveLength(count);
    // One label is a value, as the hub takes it; several exclude each other.
    const wanted = count === 1 ? Array.from(logits) : softmax(logits, 1);
    expect(found.map(({ score }) => score)).toEqual(Array.from(wanted).sort((a, b) => b - a));
    await classifier.dispose();
  });
});

describe.each(fixtures)('texts for %s', (fixture) => {
  const load = (dtype?: 'f32' | 'q8') => {
    const { id2label, problem_type } = JSON.parse(readFileSync(`fixtures/${fixture}/config.json`, 'utf8'));
    return classifierWith(Object.keys(id2label).length, { id2label, problem_type }, fixture, dtype);
  };

  it('that spell a special token are texts like others', async () => {
    const classifier = await load();
    const { tokenizer } = classifier.model;
    expect(tokenizer.specialTokens.size).toBeGreaterThan(0);
    for (const token of tokenizer.specialTokens.keys()) {
      for (const text of [token, `good ${token} bad`, `${token}good`, `bad${token}`]) {
        const ids = Array.from(tokenizer.encode(text));
        expect(ids.filter((id) => id === tokenizer.specialTokens.get(token) && token !== '<unk>')).toEqual([]);
        const [whole, alone] = [await classifier.classify(text), await classifier.classifyBatch([text])];
        expect(alone).toEqual([whole]);
        expect(whole.every(({ score }) => Number.isFinite(score))).toBe(true);
      }
      expect(await classifier.classify(`good ${token}`)).not.toEqual(await classifier.classify('good'));
    }
    await classifier.dispose();
  });

  it.each(['f32', 'q8'] as const)(
    'of very different length score in a batch as they do one by one, %s',
    async (dtype) => {
      const classifier = await load(dtype);
      const lengths = [1, 300, 2, 95, 3, 96, 97, 1, 40, 0, 7];
      const texts = lengths.map((length) =>
        Array.from({ length }, (_, i) => 'abcde fgh'[(i * 7 + length) % 9]).join(''),
      );
      for (const order of [texts, texts.toReversed()]) {
        const together = await classifier.classifyBatch(order);
        for (const [i, text] of order.entries()) {
          for (const { label, score } of await classifier.classify(text)) {
            const other = together[i].find((one) => one.label === label)!;
            expect(Math.abs(other.score - score), `${label} of a text of ${text.length}`).toBeLessThan(1e-5);
          }
        }
      }
      await classifier.dispose();
    },
  );
});
