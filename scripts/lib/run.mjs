import { spawn } from 'node:child_process';
import { root } from './project.mjs';

/**
 * Runs one program in the repository's root to its end.
 *
 * `output: 'stderr'` sends what it prints to our stderr, `'inherit'` leaves it alone, `'collect'` returns it.
 * Answers `{ code, text }`; a program that cannot be started or is killed has a code above 0.
 */
export function run(command, args, { output = 'stderr', env = process.env, cwd = root } = {}) {
  const sinks = { stderr: ['ignore', 2, 2], inherit: 'inherit', collect: ['ignore', 'pipe', 'pipe'] };
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env, stdio: sinks[output] });
    let text = '';
    const collect = (chunk) => {
      text += chunk;
    };
    child.stdout?.setEncoding('utf8').on('data', collect);
    child.stderr?.setEncoding('utf8').on('data', collect);
    child.on('error', (error) => resolve({ code: 127, text: `${error.message}\n` }));
    child.on('close', (code) => resolve({ code: code ?? 128, text }));
  });
}

/** Runs a Node program of this repository (`node_modules/...` or our own) with the Node that runs us. */
export function runNode(script, args, options) {
  return run(process.execPath, [script, ...args], options);
}
