'use strict';
// Loaded before the program: an older Node cannot even parse that, and would answer with a stack trace.
if (Number.parseInt(process.version.slice(1), 10) < 24) {
  const older = `Node.js ${process.version.slice(1)} (${process.execPath}) is too old`;
  process.stderr.write(`SP1003 ${older} — Install Node.js 24 or newer; it is the \`node\` on PATH that is taken.\n`);
  process.exit(2);
}
