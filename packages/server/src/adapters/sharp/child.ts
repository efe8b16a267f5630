/** The decoder process: takes one job at a time from its parent and ends with it. It holds no secret and opens no socket. */

import { writeFile } from 'node:fs/promises';
import { constants, setPriority } from 'node:os';
import { prepareLibvips } from './libvips.js';
import { CHILD_NICENESS } from './limits.js';
import {
  type ChildMessage,
  type ChildRequest,
  type ChildResults,
  type JobKind,
  toWireError,
} from './messages.js';
import { readCleanSvg } from './open-image.js';
import { probe } from './probe.js';
import { render } from './render.js';

function send(message: ChildMessage): void {
  process.send?.(message);
}

/** What not every child needs is loaded by the job that does: a child starts in two thirds of the time. */
async function work(request: ChildRequest): Promise<ChildResults[JobKind]> {
  switch (request.kind) {
    case 'render':
      return render(request.job);
    case 'probe':
      return probe(request.job, (deadline) => send({ type: 'deadline', deadline }));
    case 'analyse':
      return (await import('./analyse.js')).analyse(request.job);
    case 'sanitizeSvg':
      return sanitizeFile(request.job);
    default:
      return request satisfies never;
  }
}

async function sanitizeFile(job: { inputPath: string; outputPath: string }): Promise<{ bytes: number }> {
  const bytes = Buffer.from(await readCleanSvg(job.inputPath), 'utf8');
  await writeFile(job.outputPath, bytes, { flag: 'wx' });
  return { bytes: bytes.length };
}

prepareLibvips();
setPriority(Math.min(CHILD_NICENESS, constants.priority.PRIORITY_LOW));
process.on('disconnect', () => process.exit());
process.on('message', (request: ChildRequest) => {
  work(request).then(
    (value) => send({ type: 'done', value }),
    (error: unknown) => send({ type: 'failed', error: toWireError(error) }),
  );
});
send({ type: 'ready' });
