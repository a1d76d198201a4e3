import type { HeadConfig } from '../model/config.ts';

/** What config.json says of a head's labels. */
export const labelEntries = ({ labels, problemType }: HeadConfig): Readonly<Record<string, unknown>> => ({
  id2label: Object.fromEntries(labels.map((label, id) => [id, label])),
  label2id: Object.fromEntries(labels.map((label, id) => [label, id])),
  ...(problemType && { problem_type: problemType }),
});
