/** A range of code points, both ends included. */
export type CodePointRange = readonly [first: number, last: number];
