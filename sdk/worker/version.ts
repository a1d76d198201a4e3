/** Both sides of the worker boundary must be of one version; the build checks this against package.json. */
export const version = '0.1.0';
