import { invalid } from '../errors/invalid.ts';
import type { OwnDrafts } from '../loaded-model/loaded-model.ts';

/** For models that load no other. */
export const noDrafts: OwnDrafts = {
  load: (source) => Promise.reject(invalid('draft', source, 'none: this model loads no other')),
  dispose: async () => {},
};
