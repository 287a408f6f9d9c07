/** The version of the software, the same as in package.json (a test compares them): bundles have no package.json beside them. */
export const VERSION = '0.1.0';
