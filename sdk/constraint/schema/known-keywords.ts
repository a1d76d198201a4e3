import { nearestName } from '../../options/nearest-name.ts';
import { NUMBER_KEYWORDS, STRING_KEYWORDS } from './scalar-keywords.ts';
import { ARRAY_KEYWORDS, OBJECT_KEYWORDS } from './structure-keywords.ts';
import type { Schema } from './term.ts';

/** Keywords that say something about values of one type only. */
const BY_TYPE: Readonly<Record<string, readonly string[]>> = {
  objects: OBJECT_KEYWORDS,
  arrays: ARRAY_KEYWORDS,
  strings: STRING_KEYWORDS,
  numbers: NUMBER_KEYWORDS,
};
const ANY_TYPE = [
  ...[
    'type',
    'enum',
    'const',
    '$ref',
    '$dynamicRef',
    '$recursiveRef',
    'allOf',
    'anyOf',
    'oneOf',
    'not',
    'if',
    'then',
    'else',
  ],
  ...['dependentRequired', 'dependentSchemas', 'dependencies', 'unevaluatedItems', 'unevaluatedProperties'],
];
/** What the drafts and OpenAPI say beside conditions. */
const ANNOTATIONS = [
  ...[
    'title',
    'description',
    'default',
    'example',
    'examples',
    'deprecated',
    'readOnly',
    'writeOnly',
    'nullable',
    'discriminator',
  ],
  ...[
    '$schema',
    '$id',
    'id',
    '$comment',
    '$defs',
    'definitions',
    '$anchor',
    '$dynamicAnchor',
    '$recursiveAnchor',
    '$vocabulary',
  ],
  ...['contentEncoding', 'contentMediaType', 'contentSchema', 'xml', 'externalDocs', 'extends', 'disallow'],
];

/** Why a schema may not mean what its writer means; undefined where nothing is strange. */
export function strangeKeywords(schema: Schema): string | undefined {
  const keywords = Object.keys(schema);
  const conditions = [...Object.values(BY_TYPE).flat(), ...ANY_TYPE];
  const known = [...conditions, ...ANNOTATIONS];
  for (const keyword of keywords) {
    if (known.includes(keyword) || /^(?:[$_]|x-)/.test(keyword)) continue;
    const meant = nearestName(keyword, conditions);
    if (meant) return `has the keyword "${keyword}", which says nothing; did you mean "${meant}"?`;
  }
  if (keywords.some((keyword) => ANY_TYPE.includes(keyword))) return undefined;
  const [type] = Object.entries(BY_TYPE).find(([, own]) => keywords.some((keyword) => own.includes(keyword))) ?? [];
  return type && `says what ${type} must be, but no type: values of all other types fit too`;
}
