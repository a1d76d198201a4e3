/** An engine was asked for what the entry that put it together left out. */
export function missingPart(what: string): never {
  throw new Error(`This engine was built without ${what}.`);
}
