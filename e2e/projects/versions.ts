/** The tools that the packed package is tried with; docs/packaging.md names the same. Vite, esbuild, Rollup and Rolldown as locked here. */
export const versions = {
  vite: '8.3.8',
  webpack: '5.112.2',
  'webpack-cli': '6.0.1',
  esbuild: '0.28.2',
  rollup: '4.68.7',
  '@rollup/plugin-node-resolve': '16.0.3',
  rolldown: '1.2.19',
  parcel: '2.16.4',
  next: '16.4.6',
  react: '19.3.1',
  'react-dom': '19.3.1',
  '@vitejs/plugin-react': '6.3.0',
  vue: '3.5.45',
  '@vitejs/plugin-vue': '6.0.11',
  svelte: '5.57.3',
  '@sveltejs/vite-plugin-svelte': '7.3.1',
  bun: '1.4.5',
  deno: '2.9.6',
};

/** The part of a project's dependencies that has these names. */
export function pinned(...names: (keyof typeof versions)[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, versions[name]]));
}
