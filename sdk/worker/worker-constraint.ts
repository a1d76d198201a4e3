// The entry of worker-constraint.js: follows constraints, beside the page's thread and the model's.
import { expose } from 'comlink';
import { version } from '../platform/version.ts';
import type { ConstraintHost } from './protocol.ts';
import { serveConstraints } from './serve-constraints.ts';

expose({
  hello: async () => ({ version, lifeLock: undefined }),
  connect: async (vocabulary, port) => serveConstraints(vocabulary, port),
} satisfies ConstraintHost);
