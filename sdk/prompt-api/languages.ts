/**
 * Whether a model knows a language.
 *
 * @param known what its makers say that it knows; where nobody says, every language that has a name
 * @param tag a canonical tag; of 'en-GB', 'en' is enough
 */
export function knowsLanguage(known: readonly string[] | undefined, tag: string): boolean {
  const language = tag.split('-')[0];
  if (known) return known.some((each) => each.split('-')[0].toLowerCase() === language);
  return new Intl.DisplayNames('en', { type: 'language', fallback: 'none' }).of(language) !== undefined;
}
