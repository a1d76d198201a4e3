import { parseArgs } from 'node:util';
import { taskList } from './task-list.mjs';

export const help = `Usage: npm run eval -- TASK [options]

Tasks:
${Object.entries(taskList)
  .map(([name, [what]]) => `  ${name.padEnd(17)} ${what}`)
  .join('\n')}

Options:
  --model SOURCE      default: the embedded model, or the embedded classifier where a head is asked for
  --how head|prompt   by a fine-tuned head, or by likelihood after a prompt (default: prompt; sst2 and imdb: head)
  --shots K           solved examples in the prompt (default: 0)
  --train FILE        what shots are taken from, in the form of --file (default: the task's own, or the first of --file)
  --detokenizer NAME  wikitext, ptb or lambada: writes a benchmark's spaced words as plain text first
  --dtype NAME        one or several of f32, f16, q8, q4, separated by commas (default: auto)
  --backend NAME      default: wasm
  --data DIR          where the data lies (default: ../shared/data)
  --file FILE         the data, in the form in which they are handed out
  --reference FILE    for translate: the right translations of the lines of --file
  --heads DIR         for papers: a folder of classifiers, one a task (as training/finetune_head.py names them)
  --method NAME       for training: head (default), lora, full or full-l3
  --only TEXT         for training: datasets whose name contains it
  --limit N           documents or examples at most
  --json FILE         write the rows
  --record            write them into docs/measured.md, the folder in the environment's WORK as $WORK
`;

const string = { type: 'string' };

/** The command line's options as tasks take them, or undefined where it is not one. */
export function parseCommand(args) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      ...{ model: string, how: string, train: string, detokenizer: string, file: string, reference: string },
      ...{ heads: string, limit: string, json: string, method: string, only: string },
      shots: { type: 'string', default: '0' },
      dtype: { type: 'string', default: 'auto' },
      backend: { type: 'string', default: 'wasm' },
      data: { type: 'string', default: '../shared/data' },
      record: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const [task] = positionals;
  const how = values.how ?? (task === 'sst2' || task === 'imdb' ? 'head' : 'prompt');
  if (values.help || !Object.hasOwn(taskList, task) || !['head', 'prompt'].includes(how)) return;
  const limit = values.limit === undefined ? undefined : Number(values.limit);
  return { ...values, task, how, limit, shots: Number(values.shots) };
}

/** The rows of a task, with each dtype asked for. */
export async function evaluateCommand({ task, dtype: dtypes, ...options }) {
  const run = async (name, more) => (await taskList[name][1]()).evaluate({ ...more, run });
  const rows = [];
  for (const dtype of dtypes.split(',')) rows.push(...(await run(task, { ...options, dtype })));
  return rows;
}
