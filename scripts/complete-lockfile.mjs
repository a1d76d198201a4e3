// Adds to package-lock.json the entries of other systems' binaries that `npm install` dropped because its registry
// does not have them; without these entries `npm ci` refuses the file. Run it after `npm install` where the test of
// the lockfile asks for it. Usage: node scripts/complete-lockfile.mjs
import { readFileSync, writeFileSync } from 'node:fs';

const systems = 'aix android darwin freebsd linux netbsd openbsd openharmony sunos win32'.split(' ');
const processors = 'arm arm64 ia32 loong64 mips64el ppc64 riscv64 s390x wasm32 x64'.split(' ');

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
for (const [path, { optionalDependencies = {} }] of Object.entries(lock.packages)) {
  for (const [name, range] of Object.entries(optionalDependencies)) {
    if (lock.packages[`node_modules/${name}`] || lock.packages[`${path}/node_modules/${name}`]) continue;
    lock.packages[`node_modules/${name}`] = {
      version: range.replace(/^[~^]/, ''),
      dev: true,
      optional: true,
      ...platform(name),
    };
    console.log(`added ${name} ${range}`);
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`);

/** Such packages carry their platform in their names: @rollup/rollup-linux-arm64-musl. */
function platform(name) {
  if (name === 'fsevents') return { os: ['darwin'] };
  const words = name.split('/').at(-1).split(/[-.]/);
  const os = words.find((word) => systems.includes(word));
  const cpu = words.find((word) => processors.includes(word));
  const libc = words.some((word) => word.startsWith('musl')) ? 'musl' : 'glibc';
  const hasLibc = os === 'linux' && words.some((word) => /^(musl|gnu)/.test(word));
  return { ...(cpu ? { cpu: [cpu] } : {}), ...(hasLibc ? { libc: [libc] } : {}), ...(os ? { os: [os] } : {}) };
}
