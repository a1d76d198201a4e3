// The entry of worker-constraint.js: compiles constraints, so that the page's thread, which could do it too, stays smooth.
import { expose } from 'comlink';
import { compileConstraint } from '../constraint/compile-constraint.ts';
import { version } from '../platform/version.ts';
import { toOutcome } from './outcome.ts';
import type { ConstraintHost } from './protocol.ts';

expose({
  hello: async () => ({ version, lifeLock: undefined }),
  compile: (spec) => toOutcome(async () => compileConstraint(spec)),
} satisfies ConstraintHost);
