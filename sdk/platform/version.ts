/** Both sides of the worker boundary must be of one version; `npm run version` sets it, a test compares it with package.json. */
export const version = '0.1.0';
