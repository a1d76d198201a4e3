/** What one layer keeps of the tokens so far: keys and values, each (NKV · HS); a convolution keeps its inputs (C) as keys. */
export interface LayerCache {
  readonly keys: Float64Array[];
  readonly values: Float64Array[];
}
