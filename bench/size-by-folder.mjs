// Prints what each source folder weighs in a built file: its characters, and how many bytes fewer the file would gzip to without
// them. Usage: node bench/size-by-folder.mjs [--files] [dist/worker.js …]   --files: a line a source file
import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { dirname } from 'node:path';
import { gzipSync } from 'node:zlib';

const args = process.argv.slice(2);
const byFile = args.includes('--files');
const named = args.filter((arg) => !arg.startsWith('--'));
for (const path of named.length > 0 ? named : ['dist/worker.js']) report(path);

function report(path) {
  const code = readFileSync(path, 'utf8');
  const origins = originOfEachCharacter(code, new SourceMap(JSON.parse(readFileSync(`${path}.map`, 'utf8'))));
  const total = gzipBytes(code);
  const rows = [...new Set(origins)].map((name) => {
    const rest = [...code].filter((_, index) => origins[index] !== name).join('');
    return [name, code.length - rest.length, total - gzipBytes(rest)];
  });
  console.log(`\n${path}: ${code.length} characters, ${total} bytes gzipped`);
  for (const [name, characters, bytes] of rows.sort((a, b) => b[2] - a[2])) {
    console.log(`${String(bytes).padStart(8)} ${String(characters).padStart(8)}  ${name}`);
  }
}

function originOfEachCharacter(code, map) {
  const origins = [];
  for (const [line, text] of code.split('\n').entries()) {
    for (let column = 0; column <= text.length; column++)
      origins.push(nameOf(map.findEntry(line, column).originalSource));
  }
  return origins;
}

function nameOf(source) {
  if (!source) return 'bundle';
  const path = source.replace(/^.*\/(sdk|node_modules)\//, '$1/');
  // Compiled modules and WGSL are looked at apart from the code around them.
  return byFile || path.includes('.gen.') ? path : dirname(path);
}

function gzipBytes(text) {
  return gzipSync(text, { level: 9 }).length;
}
