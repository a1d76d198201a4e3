/** The bytes of the module for every kind of tokenizer, loaded for the first that needs it. In a worker the page does it: see sdk/worker/by-page. */
export async function everyKindOnDemand(): Promise<Uint8Array<ArrayBuffer>> {
  const { everyKindBytes } = await import('./every-kind.ts');
  return everyKindBytes();
}
