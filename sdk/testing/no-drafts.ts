import type { OwnDrafts } from '../loaded-model/loaded-model.ts';

/** For models that load no other. */
export const noDrafts: OwnDrafts = {
  load: () => Promise.reject(new Error('this model loads no other')),
  dispose: async () => {},
};
