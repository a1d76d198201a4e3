/** How many examples there will be, and how long they are. */
export interface ExampleSizes {
  readonly examples: number;
  /** Of each, all its texts together. */
  readonly tokens: number;
  /** How many labels there are. @default 2 */
  readonly labels?: number;
}

/** What a training will take. */
export interface Estimate {
  /** Memory beside the model's own, at most, but for some scratch of the machine's. */
  readonly memoryBytes: number;
  /** Tokens that go through the body in an epoch. */
  readonly tokens: number;
  /** Updates in all; of a head nobody knows. */
  readonly steps?: number;
  /** As this machine looks now, where there are examples to try: within a factor of two or so. */
  readonly secondsPerEpoch?: number;
}
