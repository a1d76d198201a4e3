/** Whether the template can be told to think or not to. */
export const switchesThinking = (template: string): boolean => /enable_thinking|\bthinking\b/.test(template);
