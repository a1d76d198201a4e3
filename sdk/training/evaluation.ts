/** A prediction that was wrong, and how sure the head was of it. */
export interface Mistake {
  /** Which of the given examples. */
  readonly index: number;
  readonly expected: string;
  readonly predicted: string;
  /** Of `predicted`, 0 to 1; the distance where values are predicted. */
  readonly score: number;
}

/** How good a head is on examples that it has not learnt from. Shares are 0 to 1. */
export interface Evaluation {
  /** How many were held out. */
  readonly examples: number;
  /** Mean loss, natural logarithms; half the mean squared error of values. */
  readonly loss: number;
  /** Share of examples that are right: all labels of them, where there may be several. Not of values and of text. */
  readonly accuracy?: number;
  /** Share that is right when the most frequent answer is always given. */
  readonly mostFrequent?: number;
  /** F1 of each label, averaged over those that occur. */
  readonly macroF1?: number;
  /** Matthews's correlation of labels, generalised to more than two by Gorodkin (2004). */
  readonly matthews?: number;
  /** Examples by expected label (rows) and predicted one (columns), in the order of the head's labels. */
  readonly confusion?: readonly (readonly number[])[];
  /** Mean gap between how sure the head is and how often it is right, over ten equal steps of sureness (Guo et al., 2017). */
  readonly calibrationError?: number;
  /** Pearson's correlation of values. */
  readonly pearson?: number;
  /** The same of their ranks. */
  readonly spearman?: number;
  /** Of spans: F1 of those found, which are right where both ends and the label are (Tjong Kim Sang and De Meulder, 2003). `accuracy` and the others are of words. */
  readonly spanF1?: number;
  /** Of text: e to the loss. */
  readonly perplexity?: number;
  /** The worst first, at most ten. */
  readonly mostWrong: readonly Mistake[];
}
