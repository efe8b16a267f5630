import { describe, expect, it } from 'vitest';
import { filesNamed, findDisorder } from './durable-order.js';
import { readTrace } from './trace.js';

/** What an upload of one file looks like when all is well; two threads, one call split in two. */
const good = [
  '7 openat(AT_FDCWD</>, "/d/staging/a", O_RDWR|O_CREAT) = 20</d/staging/a>',
  '7 writev(20</d/staging/a>, [{iov_base="x", iov_len=1}], 1) = 1',
  '8 fsync(20</d/staging/a> <unfinished ...>',
  '7 openat(AT_FDCWD</>, "/d/blobs/ab", O_RDONLY) = 21</d/blobs/ab>',
  '8 <... fsync resumed>)            = 0',
  '7 link("/d/staging/a", "/d/blobs/ab/o-ab") = 0',
  '7 unlink("/d/staging/a")            = 0',
  '8 fsync(21</d/blobs/ab>)            = 0',
  '7 pwrite64(22</d/db-wal>, "frame", 24, 0) = 24',
  '7 pwrite64(22</d/db-wal>, "page", 4096, 24) = 4096',
  '7 fdatasync(22</d/db-wal>)          = 0',
  '7 writev(24<socket:[1]>, [{iov_base="HTTP/1.1 200 OK\\r\\n", iov_len=17}], 1) = 17',
];

const disorder = (lines: readonly string[]) => {
  const calls = readTrace(lines.join('\n'));
  const files = [{ staged: '/d/staging/a', final: '/d/blobs/ab/o-ab' }];
  return findDisorder(calls, { files, log: '/d/db-wal', answer: /HTTP\/1\.1 200/ });
};
const without = (...parts: string[]) => good.filter((line) => !parts.some((part) => line.includes(part)));
/** Moves the line with `part` in front of the line with `before`. */
const moved = (part: string, before: string) => {
  const [line = ''] = good.filter((one) => one.includes(part));
  const rest = good.filter((one) => one !== line);
  return rest.flatMap((one) => (one.includes(before) ? [line, one] : [one]));
};

describe('the order that survives a power cut', () => {
  it('is found in a good trace', () => {
    expect(disorder(good)).toEqual([]);
    expect(filesNamed(readTrace(good.join('\n')), '/d/blobs')).toEqual([
      { staged: '/d/staging/a', final: '/d/blobs/ab/o-ab' },
    ]);
  });

  it.each<[string, string[], RegExp]>([
    ['no sync of the file', without('fsync(20', 'fsync resumed'), /bytes are not synced/],
    ['a name before the sync has returned', moved('7 link(', 'fsync resumed'), /before its bytes are synced/],
    ['bytes written after the sync', moved('writev(20', '7 link('), /bytes are not synced/],
    ['no sync of the folder', without('fsync(21'), /folder is not synced/],
    ['a sync of the folder before the name', moved('fsync(21', '7 link('), /folder is not synced/],
    ['a commit before the folder is synced', moved('fsync(21', 'fdatasync(22'), /commit does not wait/],
    ['no sync of the log', without('fdatasync'), /log is not synced/],
    ['an answer before the log is synced', moved('HTTP/1.1', 'fdatasync'), /log is not synced/],
    [
      'a sync that failed',
      good.map((line) =>
        line.replace('fdatasync(22</d/db-wal>)          = 0', 'fdatasync(22</d/db-wal>) = -1 EIO'),
      ),
      /log is not synced/,
    ],
    ['no answer', without('HTTP/1.1'), /no answer/],
  ])('is missed with %s', (_, lines, problem) => {
    expect(lines).not.toEqual(good);
    expect(disorder(lines).join('\n')).toMatch(problem);
  });
});
