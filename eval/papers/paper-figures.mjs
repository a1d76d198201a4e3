import { gptFigures } from './gpt.mjs';
import { gpt2Figures } from './gpt-2.mjs';
import { gpt3Figures } from './gpt-3.mjs';

/** What the papers report, where they report it, and the command that would report it here given their weights and data. */
export const paperFigures = [...gptFigures, ...gpt2Figures, ...gpt3Figures];
