/** A condition on values: schemas of the document, and what is made of them. Equal ones are one object. */
export type Term = { readonly id: number } & (
  | { readonly kind: 'always' | 'never' }
  | { readonly kind: 'schema'; readonly schema: Schema }
  | { readonly kind: 'constant'; readonly value: unknown }
  | { readonly kind: 'all' | 'any'; readonly parts: readonly Term[] }
  | { readonly kind: 'not'; readonly body: Term }
);

/** A JSON schema that is an object. */
export type Schema = Readonly<Record<string, unknown>>;

/** Makes terms. */
export class Terms {
  readonly #interned: Map<string, Term> = new Map();
  readonly #ofSchema: Map<Schema, Term> = new Map();
  readonly always: Term = this.#intern('true', (id) => ({ id, kind: 'always' }));
  readonly never: Term = this.#intern('false', (id) => ({ id, kind: 'never' }));

  schema(schema: Schema | boolean): Term {
    if (typeof schema === 'boolean') return schema ? this.always : this.never;
    let term = this.#ofSchema.get(schema);
    if (!term) {
      const empty = Object.keys(schema).length === 0;
      term = empty
        ? this.always
        : this.#intern(`schema ${this.#ofSchema.size}`, (id) => ({ id, kind: 'schema', schema }));
      this.#ofSchema.set(schema, term);
    }
    return term;
  }

  constant(value: unknown): Term {
    return this.#intern(`= ${JSON.stringify(value)}`, (id) => ({ id, kind: 'constant', value }));
  }

  all(...terms: Term[]): Term {
    return this.#joined('all', terms, this.always, this.never);
  }

  any(...terms: Term[]): Term {
    return this.#joined('any', terms, this.never, this.always);
  }

  not(body: Term): Term {
    if (body.kind === 'not') return body.body;
    if (body === this.always) return this.never;
    if (body === this.never) return this.always;
    return this.#intern(`not ${body.id}`, (id) => ({ id, kind: 'not', body }));
  }

  #joined(kind: 'all' | 'any', terms: readonly Term[], neutral: Term, final: Term): Term {
    const parts = new Set<Term>();
    for (const term of terms) for (const part of term.kind === kind ? term.parts : [term]) parts.add(part);
    parts.delete(neutral);
    if (parts.has(final)) return final;
    if (parts.size === 0) return neutral;
    const list = [...parts];
    if (list.length === 1) return list[0];
    // The order stays, since it is that of properties; the first that came decides.
    const ids = list.map((part) => part.id).sort((a, b) => a - b);
    return this.#intern(`${kind} ${ids}`, (id) => ({ id, kind, parts: list }));
  }

  #intern(key: string, make: (id: number) => Term): Term {
    let term = this.#interned.get(key);
    if (!term) {
      term = make(this.#interned.size);
      this.#interned.set(key, term);
    }
    return term;
  }
}
