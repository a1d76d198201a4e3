import { readdirSync, readFileSync, statSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';

/** @throws where a task's data, which are not among those of --data, were not named */
export function needed(file, task, what = 'its data are not among those in --data') {
  if (file) return file;
  throw new Error(`${task} needs --file: ${what}.`);
}

/** The text of a file, unpacked where its name ends in .gz; of a folder, its files' texts in the order of their names. */
export function texts(path) {
  if (statSync(path).isDirectory()) {
    return readdirSync(path, { recursive: true })
      .sort()
      .map((name) => `${path}/${name}`)
      .filter((file) => statSync(file).isFile())
      .flatMap(texts);
  }
  const bytes = readFileSync(path);
  return [(path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8').replace(/^\uFEFF/, '')];
}

/** The lines of a file that hold more than white space. */
export function lines(path) {
  return texts(path)
    .flatMap((text) => text.split(/\r?\n/))
    .filter((line) => line.trim() !== '');
}

/** One JSON value a line. */
export function jsonLines(path) {
  return lines(path).map((line) => JSON.parse(line));
}

/** Objects by the names in the first line. Quotes mean nothing here, as in GLUE's files. */
export function tsv(path) {
  const [header, ...rows] = lines(path).map((line) => line.split('\t').map((field) => field.trim()));
  return rows.map((row) => Object.fromEntries(header.map((name, i) => [name, row[i]])));
}

/** Objects by the names in the first line. */
export function csv(path) {
  return texts(path).flatMap((text) => parse(text, { columns: true, relax_column_count: true }));
}
