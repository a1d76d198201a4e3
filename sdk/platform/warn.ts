/** Tells the developer of something that went on all the same. In a worker the page does it: see sdk/worker/by-page. */
export function warn(message: string): void {
  console.warn(message);
}
