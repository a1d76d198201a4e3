const DATE =
  '(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))|(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29)';
const CLOCK = '(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{1,9})?';
const TIME = `${CLOCK}(?:[Zz]|[+\\-](?:[01][0-9]|2[0-3]):[0-5][0-9])`;
const LABEL = '[A-Za-z0-9](?:[A-Za-z0-9\\-]{0,61}[A-Za-z0-9])?';
/** Names that are written in another alphabet have rules of their own: none begins with xn-- here, or has -- there. */
const HOST = `(?=.{1,253}$)(?!(?:[^.]*\\.)*[^.][^.]--)${LABEL}(?:\\.${LABEL})*`;
const BYTE = '(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])';
const IPV4 = `(?:${BYTE}\\.){3}${BYTE}`;
const HEX4 = '[0-9a-fA-F]{1,4}';
const LAST32 = `(?:${HEX4}:${HEX4}|${IPV4})`;
const IPV6 = `(?:(?:${HEX4}:){6}${LAST32}|::(?:${HEX4}:){5}${LAST32}|(?:${HEX4})?::(?:${HEX4}:){4}${LAST32}|(?:(?:${HEX4}:){0,1}${HEX4})?::(?:${HEX4}:){3}${LAST32}|(?:(?:${HEX4}:){0,2}${HEX4})?::(?:${HEX4}:){2}${LAST32}|(?:(?:${HEX4}:){0,3}${HEX4})?::${HEX4}:${LAST32}|(?:(?:${HEX4}:){0,4}${HEX4})?::${LAST32}|(?:(?:${HEX4}:){0,5}${HEX4})?::${HEX4}|(?:(?:${HEX4}:){0,6}${HEX4})?::)`;
const ATOM = "[A-Za-z0-9!#$%&'*+\\-/=?^_`{|}~]+";
const MAILBOX = `(?=.{1,64}@)${ATOM}(?:\\.${ATOM})*`;
const ESCAPED = '%[0-9a-fA-F]{2}';
/** Outside ASCII, for the international kinds. */
const BEYOND = '\\u00a0-\\ud7ff\\uf900-\\ufdcf\\ufdf0-\\uffef';
const uri = (beyond: string, relativeToo: boolean): string => {
  const characters = (more: string): string => `(?:[A-Za-z0-9._~!$&'()*+,;=\\-${more}${beyond}]|${ESCAPED})`;
  const segments = `(?:/${characters(':@')}*)*`;
  const server = `//(?:${characters(':')}*@)?(?:\\[${IPV6}\\]|${characters('')}*)(?::[0-9]*)?${segments}`;
  const rooted = `/(?:${characters(':@')}+${segments})?`;
  const tail = `(?:\\?${characters(':@/?')}*)?(?:#${characters(':@/?')}*)?`;
  const absolute = `[A-Za-z][A-Za-z0-9+.\\-]*:(?:${server}|${rooted}|${characters(':@')}+${segments}|)`;
  const relative = `(?:${server}|${rooted}|${characters('@')}+${segments}|)`;
  return `(?:${relativeToo ? `${absolute}|${relative}` : absolute})${tail}`;
};
const WEEKS = 'P[0-9]{1,9}W';
const CLOCK_PART = 'T(?:[0-9]{1,9}H(?:[0-9]{1,9}M(?:[0-9]{1,9}S)?)?|[0-9]{1,9}M(?:[0-9]{1,9}S)?|[0-9]{1,9}S)';
const DATE_PART = '(?:[0-9]{1,9}Y(?:[0-9]{1,9}M(?:[0-9]{1,9}D)?)?|[0-9]{1,9}M(?:[0-9]{1,9}D)?|[0-9]{1,9}D)';
const POINTER = '(?:/(?:[^~/]|~[01])*)*';
const ITEM =
  '(?:[^\\\\()\\[\\]{}*+?^$|]|\\\\[dDwWsStnrfv^$\\\\.*+?()\\[\\]{}|/]|\\[\\^?(?:[^\\\\\\]\\[\\-]|[A-Za-y]-z|[A-Y]-Z|[0-8]-9|\\\\[dDwWsStnrfv^$\\\\.*+?()\\[\\]{}|/\\-])+\\])(?:[*+?]|\\{(?:[0-9]{1,3},?|[0-9],[1-9][0-9]{1,2})\\})?';

/** Formats of the standard as patterns of their whole values; narrower than the standard in places, never wider. */
const SOURCES: Readonly<Record<string, string>> = {
  date: DATE,
  time: TIME,
  'date-time': `${DATE}[Tt]${TIME}`,
  duration: `(?:${WEEKS}|P(?:${DATE_PART}(?:${CLOCK_PART})?|${CLOCK_PART}))`,
  email: `${MAILBOX}@(?:(?=.{1,253}$)(?:${LABEL}\\.)+[A-Za-z]{2,63}|\\[${IPV4}\\])`,
  'idn-email': `(?=.{1,64}@)[A-Za-z0-9_.+\\-${BEYOND}]+@(?=.{1,253}$)(?:[A-Za-z0-9${BEYOND}]+[.\\-]){0,9}[A-Za-z0-9${BEYOND}]+`,
  hostname: HOST,
  'idn-hostname': `(?=.{1,253}$)(?!(?:[^.]*\\.)*[^.][^.]--)(?:${LABEL}|[a-z0-9à-öø-ÿ]{1,15})(?:\\.(?:${LABEL}|[a-z0-9à-öø-ÿ]{1,15}))*`,
  ipv4: IPV4,
  ipv6: IPV6,
  uri: uri('', false),
  'uri-reference': uri('', true),
  iri: uri(BEYOND, false),
  'iri-reference': uri(BEYOND, true),
  'uri-template': `(?:[^\\x00-\\x20\\x7f"'%<>\\\\^\`{|}]|${ESCAPED}|\\{[+#./;?&=,!@|]?[A-Za-z0-9_]+(?::[1-9][0-9]{0,3}|\\*)?(?:,[A-Za-z0-9_]+(?::[1-9][0-9]{0,3}|\\*)?)*\\})*`,
  uuid: '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}',
  'json-pointer': POINTER,
  'relative-json-pointer': `(?:0|[1-9][0-9]{0,8})(?:#|${POINTER})`,
  regex: `\\^?(?:${ITEM}|\\((?:\\?:)?(?:${ITEM}|\\|)*${ITEM}\\)(?:[*+?]|\\{(?:[0-9]{1,3},?|[0-9],[1-9][0-9]{1,2})\\})?|\\|)*\\$?`,
};

/** The pattern of a format, undefined for one that the standard does not name. */
export const formats = (name: string): string | undefined => (Object.hasOwn(SOURCES, name) ? SOURCES[name] : undefined);
