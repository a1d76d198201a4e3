import type { ModelCalls } from './model-calls.ts';

/** The calls behind a loaded model, for another one that it drafts for; @throws GptletError DISPOSED */
export const callsOfModels: WeakMap<object, () => ModelCalls> = /* @__PURE__ */ new WeakMap<object, () => ModelCalls>();
