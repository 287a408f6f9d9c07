// Refuses a Node that is too old, in one line, before anything that would crash on it is loaded. Written in plain
// JavaScript because an old Node must be able to read it.
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  process.stderr.write(
    `Depthscope needs Node 24 or newer, and this is ${process.versions.node}: start it through npm (npm start, npm test), which brings its own Node on Linux, or install Node 24.\n`,
  );
  process.exit(1);
}
