import type { JsonSchema, Tool } from '../../loaded-model/tool.ts';
export const readParameters = (_name: string, parameters: Tool['parameters']): JsonSchema =>
  (parameters as JsonSchema | undefined) ?? { type: 'object', properties: {}, additionalProperties: false };
