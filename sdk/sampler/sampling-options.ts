/** How the next token is drawn from the logits. The steps apply in this order, which is the hub's. */
export interface SamplingOptions {
  /** Divides (positive logits) or multiplies (negative) the logits of tokens already seen. @default 1 */
  repetitionPenalty?: number;
  /** Subtracted once from the logit of every token already generated. @default 0 */
  presencePenalty?: number;
  /** Subtracted per occurrence of a token already generated. @default 0 */
  frequencyPenalty?: number;
  /** No n-gram of this length occurs twice; 0 is off. @default 0 */
  noRepeatNgramSize?: number;
  /** Added to the logit of a token id. */
  logitBias?: Record<number, number>;
  /** Ids that never come. */
  bannedTokenIds?: number[];
  /** 0 is greedy. @default 1 */
  temperature?: number;
  /** Keep the k most likely tokens; 0 is off. @default 0 */
  topK?: number;
  /** Keep the smallest set of most likely tokens whose probabilities reach p; 1 is off. @default 1 */
  topP?: number;
  /** Drop tokens less likely than p times the most likely one; 0 is off. @default 0 */
  minP?: number;
  /** Locally typical sampling: keep mass p of the tokens nearest the entropy; 1 is off. @default 1 */
  typicalP?: number;
  /** The same seed gives the same draws. @default random */
  seed?: number;
}
