/** The language that an element is in, for numbers: of the nearest `lang`, also outside its shadow root; undefined is the browser's. */
export function languageOf(element: Element): string | undefined {
  const { host } = element.getRootNode() as ShadowRoot;
  const language = element.closest<HTMLElement>('[lang]')?.lang;
  if (!language && host) return languageOf(host);
  try {
    return Intl.getCanonicalLocales(language || [])[0];
  } catch {
    return undefined;
  }
}

/** "34 MB", as the language writes it. */
export function byteText(bytes: number, language: string | undefined): string {
  const [unit, value] = bytes < 1e9 ? ['megabyte', bytes / 1e6] : ['gigabyte', bytes / 1e9];
  const maximumFractionDigits = value < 10 ? 1 : 0;
  return new Intl.NumberFormat(language, { style: 'unit', unit, maximumFractionDigits }).format(value);
}

/** "93 %", as the language writes it. */
export const percentText = (share: number, language: string | undefined): string =>
  new Intl.NumberFormat(language, { style: 'percent' }).format(share);
