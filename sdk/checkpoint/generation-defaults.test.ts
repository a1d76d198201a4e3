import { describe, expect, it } from 'vitest';
import { readGenerationDefaults } from './generation-defaults.ts';

describe('generation_config.json', () => {
  it('is greedy where it says do_sample: false, and leaves the choice open where it says nothing', () => {
    expect(readGenerationDefaults({ do_sample: false, temperature: 0.7, top_k: 50 })).toEqual({ temperature: 0 });
    expect(readGenerationDefaults({ eos_token_id: 50256 })).toEqual({ eosTokenIds: [50256] });
    expect(readGenerationDefaults({ do_sample: true })).toEqual({});
  });

  it('gives every option that it may set', () => {
    const raw = {
      do_sample: true,
      max_new_tokens: 40,
      min_new_tokens: 2,
      temperature: 0.8,
      top_k: 10,
      top_p: 0.9,
      min_p: 0.05,
      typical_p: 0.95,
      repetition_penalty: 1.2,
      no_repeat_ngram_size: 3,
      eos_token_id: [1, 2],
      transformers_version: '4.40.0',
      max_length: null,
    };
    expect(readGenerationDefaults(raw)).toEqual({
      maxNewTokens: 40,
      minNewTokens: 2,
      temperature: 0.8,
      topK: 10,
      topP: 0.9,
      minP: 0.05,
      typicalP: 0.95,
      repetitionPenalty: 1.2,
      noRepeatNgramSize: 3,
      eosTokenIds: [1, 2],
    });
  });

  it.each([
    { do_sample: 1 },
    { temperature: -1 },
    { do_sample: true, top_p: 2 },
    { do_sample: true, top_k: 1.5 },
    { max_new_tokens: 'many' },
    { eos_token_id: '</s>' },
  ])('refuses %j', (raw) => {
    expect(() => readGenerationDefaults(raw)).toThrow(
      expect.objectContaining({ code: 'BAD_CHECKPOINT', message: expect.stringContaining(Object.keys(raw).at(-1)!) }),
    );
  });
});
