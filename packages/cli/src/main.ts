import { readEnvironment } from './environment.js';
import { run } from './run.js';

/** How long open handles may keep the process alive after its command has ended. */
const lingerMs = 3_000;

process.exitCode = await run(process.argv.slice(2), {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  errIsTerminal: process.stderr.isTTY === true,
  environment: readEnvironment,
});
setTimeout(() => process.exit(), lingerMs).unref();
