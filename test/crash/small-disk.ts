import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../support/commands.js';
import { tmpDir } from '../support/tmp-dir.js';

/** Runs `work` with a folder that is a real file system of so many megabytes: the kernel itself says what is free, and no. */
export async function onSmallDisk(megabytes: number, work: (path: string) => Promise<void>): Promise<void> {
  const folder = await tmpDir();
  const mountPoint = join(folder.path, 'disk');
  await mkdir(mountPoint);
  const { code, stderr } = await mount(mountPoint, megabytes);
  if (code !== 0) throw new Error(`mount: ${stderr}`);
  try {
    await work(mountPoint);
  } finally {
    await runCommand('umount', ['-l', mountPoint]);
    await folder.remove();
  }
}

/** Null where {@link onSmallDisk} works. */
export async function whyNoSmallDisk(): Promise<string | null> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    return 'mounting a small disk needs root on Linux';
  const folder = await tmpDir();
  const { code, stderr } = await mount(folder.path, 1);
  if (code === 0) await runCommand('umount', [folder.path]);
  await folder.remove();
  return code === 0 ? null : `mount: ${stderr.trim()}`;
}

function mount(path: string, megabytes: number) {
  const options = `size=${megabytes}m,mode=0700`;
  return runCommand('mount', ['-t', 'tmpfs', '-o', options, 'counterseal-test', path]);
}
