import { GptletError } from '../../errors/gptlet-error.ts';

/** The error of something in a schema, at a JSON pointer. */
export const schemaError = (path: string, complaint: string): GptletError =>
  new GptletError('INVALID_OPTION', `jsonSchema at ${path || 'its top'} ${complaint}.`);

/** A condition that cannot be enforced, though the schema is right: may be left out on request. */
export class UnenforceableError extends GptletError {
  constructor(path: string, complaint: string) {
    super(
      'INVALID_OPTION',
      `jsonSchema at ${path || 'its top'} ${complaint}, which cannot be enforced; { jsonSchema, unsupported: 'ignore' } goes on without it.`,
    );
  }
}
