import { createHash } from 'node:crypto';
import { plain } from '../support/pictures.js';
import type { Random } from '../support/random.js';

export interface Content {
  readonly bytes: Buffer;
  readonly md5: string;
}

const largestCommentBytes = 60_000;

/** One picture, over and over, no two with the same bytes or size: chance stands in a JPEG comment (ITU-T T.81, B.2.4.5). */
export async function createContents(random: Random): Promise<() => Content> {
  const picture = await plain(80, 60, { format: 'jpg' });
  return () => {
    const comment = Buffer.alloc(random.whole(16, largestCommentBytes), random.bytes(64));
    const marker = Buffer.from([0xff, 0xfe, 0, 0]);
    marker.writeUInt16BE(comment.byteLength + 2, 2);
    const bytes = Buffer.concat([picture.subarray(0, 2), marker, comment, picture.subarray(2)]);
    return { bytes, md5: createHash('md5').update(bytes).digest('hex') };
  };
}
