import { page } from './page.ts';

/** Stands in a worker for the function of the same name in sdk/platform: only the page has the texts of errors. */
export function warn(message: string): void {
  void page().warn(message);
}
