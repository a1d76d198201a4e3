/** The URL of a text, or undefined where it is none. `URL.canParse` would tell, from Chromium 120 and Safari 17 on. */
export function parseUrl(text: string, base?: string): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}
