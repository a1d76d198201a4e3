import { readdir, readFile, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { GptletError } from '../errors/gptlet-error.ts';

/**
 * Rows of a dataset: JSON lines, CSV or TSV with a line of names, a .txt file with empty lines between texts, or a folder of
 * .txt files, or with a folder of such for each label.
 *
 * @throws GptletError INVALID_OPTION
 */
export async function readRows(path: string): Promise<object[]> {
  const found = await stat(path).catch(() => undefined);
  if (!found) throw wrong(`There is no ${path}.`);
  if (found.isDirectory()) return readFolders(path);
  const text = await readFile(path, 'utf8');
  const kind = extname(path).toLowerCase();
  if (kind === '.csv' || kind === '.tsv') return readTable(path, text, kind === '.csv' ? ',' : '\t');
  if (kind === '.txt') return readTexts(path, text);
  return readLines(path, text);
}

function readTexts(path: string, text: string): object[] {
  const texts = text.split(/\r?\n\s*\n/).map((part) => part.trim());
  const rows = texts.filter((part) => part !== '').map((part) => ({ text: part }));
  if (rows.length > 0) return rows;
  throw wrong(`${path} is empty.`);
}

function readLines(path: string, text: string): object[] {
  return text.split('\n').flatMap((line, i) => {
    if (line.trim() === '') return [];
    try {
      return [JSON.parse(line) as object];
    } catch (cause) {
      throw wrong(`${path}, line ${i + 1}, is not JSON (${(cause as Error).message}).`);
    }
  });
}

/** Numbers where the names ask for such; several labels are parted by semicolons. */
function readTable(path: string, text: string, delimiter: string): object[] {
  let rows: Record<string, string>[];
  try {
    rows = parse(text, { columns: true, bom: true, delimiter, skip_empty_lines: true });
  } catch (cause) {
    throw wrong(`${path} cannot be read as a table (${(cause as Error).message}).`);
  }
  return rows.map(({ value, labels, answer, answers, ...rest }) => ({
    ...rest,
    ...(value === undefined ? {} : { value: Number(value) }),
    ...(labels === undefined ? {} : { labels: parted(labels) }),
    ...(answers === undefined ? {} : { answers: parted(answers) }),
    ...(answer === undefined ? {} : { answer: Number(answer) }),
  }));
}

const parted = (cell: string): string[] =>
  cell
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '');

async function readFolders(path: string): Promise<object[]> {
  const entries = (await readdir(path, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1));
  const rows: object[] = [];
  for (const { name: label } of entries.filter((entry) => entry.isDirectory()))
    for (const text of await readTextFiles(join(path, label))) rows.push({ text, label });
  if (rows.length === 0) rows.push(...(await readTextFiles(path)).map((text) => ({ text })));
  if (rows.length > 0) return rows;
  throw wrong(`${path} has no .txt files, and no folders with any.`);
}

async function readTextFiles(path: string): Promise<string[]> {
  const names = (await readdir(path)).filter((name) => name.endsWith('.txt')).sort();
  return Promise.all(names.map((name) => readFile(join(path, name), 'utf8')));
}

const wrong = (what: string): GptletError =>
  new GptletError(
    'INVALID_OPTION',
    `${what} Give JSON lines, a .csv or .tsv with names in its first line, a .txt with empty lines between texts, or a folder of .txt files, one inside it for each label where there are labels.`,
  );
