/**
 * How the next token is drawn from the logits. The steps are those of the hub's `generate()` and come in its
 * order: logit bias, repetition penalty, (presence and frequency penalty, which the hub has not,) no-repeat
 * n-grams, banned ids, then temperature, top-k, top-p, min-p, typical-p.
 */
export interface SamplingOptions {
  /** Divides (positive logits) or multiplies (negative) the logits of tokens already seen, prompt and generated. @default 1 */
  repetitionPenalty?: number;
  /** Subtracted once from the logit of every token already generated; the prompt does not count. @default 0 */
  presencePenalty?: number;
  /** Subtracted per occurrence of a token already generated; the prompt does not count. @default 0 */
  frequencyPenalty?: number;
  /** No n-gram of this length occurs twice in prompt and generated together; 0 is off. @default 0 */
  noRepeatNgramSize?: number;
  /** Added to the logit of a token id. */
  logitBias?: Record<number, number>;
  /** Ids that never come. */
  bannedTokenIds?: number[];
  /** 0 is greedy: the most likely token, the lowest id of equals. @default 1 */
  temperature?: number;
  /** Keep the k most likely tokens, and what ties with the k-th; 0 is off. @default 0 */
  topK?: number;
  /** Keep the smallest set of most likely tokens whose probabilities reach p; 1 is off. @default 1 */
  topP?: number;
  /** Drop tokens less likely than p times the most likely one; 0 is off. @default 0 */
  minP?: number;
  /** Locally typical sampling: keep mass p of the tokens nearest the entropy; 1 is off. @default 1 */
  typicalP?: number;
  /** An integer; the same seed gives the same draws. @default random */
  seed?: number;
}
