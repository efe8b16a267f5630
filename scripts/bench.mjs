import { join } from 'node:path';
import { findCommand } from '../bench/lib/tools.mjs';
import { ensureBuilt } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { root } from './lib/project.mjs';
import { run } from './lib/run.mjs';

/*
 * `npm run bench -- [--quick] [--only NAME]`: see docs/performance.md. The load generator runs on the second core, the servers it
 * measures on the first.
 */
await ensureInstalled();
await ensureBuilt();

const generatorCore = '1';
const program = [process.execPath, join(root, 'bench/main.mjs'), ...process.argv.slice(2)];
const [command, ...args] =
  findCommand('taskset') === null ? program : ['taskset', '-c', generatorCore, ...program];
const { code } = await run(command, args, { output: 'inherit' });
process.exitCode = code;
