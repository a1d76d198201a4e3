/** What generation_config.json may say; each becomes the default of the option of the same meaning. */
export interface GenerationDefaults {
  readonly maxNewTokens?: number;
  readonly minNewTokens?: number;
  /** 0, greedy, where the file says `do_sample: false`. */
  readonly temperature?: number;
  readonly topK?: number;
  readonly topP?: number;
  readonly minP?: number;
  readonly typicalP?: number;
  readonly repetitionPenalty?: number;
  readonly noRepeatNgramSize?: number;
  readonly eosTokenIds?: readonly number[];
}
