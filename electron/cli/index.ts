/**
 * Entry of the command line. Checks the Node version before it loads anything that needs a newer one, then runs the
 * command. Must not know commands.
 */
const OLDEST_NODE = 24;

const major = Number(process.versions.node.split('.')[0]);
if (major < OLDEST_NODE) {
  process.stderr.write(
    `depthscope needs Node ${OLDEST_NODE} or newer, and this is ${process.versions.node}; start it with "npm run --silent depthscope -- …".\n`,
  );
  process.exitCode = 1;
} else {
  const { main } = await import('./main.ts');
  process.exitCode = await main(process.argv.slice(2));
}
