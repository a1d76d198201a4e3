// What a file's JSON is checked to be.

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isSize = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** Whether a value is a list of sizes, of as many axes as a tensor may have. */
export const isSizes = (value: unknown): value is number[] =>
  Array.isArray(value) && value.length <= 16 && value.every(isSize);
