/**
 * An error that `ai` takes for one of its own: its classes look for these marks, which hold from one copy of its package to another.
 * So nothing of the package is needed here.
 */
function sdkError(name: string, message: string, fields: object): Error {
  const marks = ['vercel.ai.error', `vercel.ai.error.${name}`].map((mark) => [Symbol.for(mark), true]);
  return Object.assign(new Error(message), { name }, fields, Object.fromEntries(marks));
}

/** An `UnsupportedFunctionalityError`: what was asked for is in the interface, and no model here can do it. */
export const unsupported = (functionality: string, message: string): Error =>
  sdkError('AI_UnsupportedFunctionalityError', message, { functionality });

/** A `NoSuchModelError`: there are no models of this kind. */
export const noSuchModel = (modelId: string, modelType: string, message: string): Error =>
  sdkError('AI_NoSuchModelError', message, { modelId, modelType });
