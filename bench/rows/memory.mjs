import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { inParallel } from '../lib/http-client.mjs';
import { peakBytes, resetPeak, residentBytes } from '../lib/process-tree.mjs';
import { startCounterseal } from '../lib/processes.mjs';
import { row } from '../lib/report.mjs';
import { signedForm, uploadAddress } from '../lib/signed-form.mjs';
import { summary } from '../lib/stats.mjs';

/** P6: 16 large uploads at once must need no more memory than 16 small ones. All processes of the server together. */
export const name = 'memory';

const mebibyte = 1024 * 1024;
const parallel = 16;
const smallBytes = 10 * mebibyte;
const block = randomBytes(mebibyte);

export async function run({ quick }) {
  const largeBytes = (quick ? 50 : 200) * mebibyte;
  const server = await startCounterseal({ core: null });
  try {
    const round = async (bytes) => {
      resetPeak(server.pid);
      await inParallel(parallel, parallel, () => upload(server.url, bytes));
      return peakBytes(server.pid);
    };
    // Warm: every code path and thread has run, as in a server that has been up for a while.
    await round(smallBytes);
    await round(smallBytes);
    const idle = residentBytes(server.pid);
    const peaks = [];
    for (let again = 0; again < (quick ? 1 : 2); again += 1) {
      peaks.push({ small: await round(smallBytes), large: await round(largeBytes) });
    }
    const label = `${parallel} uploads of ${largeBytes / mebibyte} MiB`;
    return [
      row(
        'P6',
        `${label}: peak RSS of ${parallel} of 10 MiB`,
        { max: 1.15 },
        summary(peaks.map((peak) => peak.large / peak.small)),
      ),
      row(
        'P6',
        `${label}: peak RSS over warm idle`,
        { max: 64 },
        summary(peaks.map((peak) => (peak.large - idle) / mebibyte)),
        { unit: 'MiB' },
      ),
      row('', 'warm idle RSS, all processes', null, summary([idle / mebibyte]), { unit: 'MiB' }),
    ];
  } finally {
    await server.stop();
  }
}

/** The same block over and over: the sender holds one. */
function upload(url, bytes) {
  const marker = Buffer.from('THE-FILE');
  const { contentType, body } = signedForm(marker);
  const [head, tail] = [
    body.subarray(0, body.indexOf(marker)),
    body.subarray(body.indexOf(marker) + marker.length),
  ];
  return new Promise((resolve, reject) => {
    const headers = { 'Content-Type': contentType, 'Content-Length': head.length + bytes + tail.length };
    const call = request(
      uploadAddress(url, 'raw'),
      { method: 'POST', headers, agent: false },
      async (response) => {
        let text = '';
        for await (const chunk of response.setEncoding('utf8')) text += chunk;
        const stored = response.statusCode === 200 ? JSON.parse(text).bytes : null;
        if (stored === bytes) resolve();
        else reject(new Error(`${bytes} bytes sent, the answer is ${response.statusCode} ${text}`));
      },
    );
    call.on('error', reject);
    call.write(head);
    let missing = bytes;
    const push = () => {
      while (missing > 0) {
        const piece = missing < block.length ? block.subarray(0, missing) : block;
        missing -= piece.length;
        if (!call.write(piece)) {
          call.once('drain', push);
          return;
        }
      }
      call.end(tail);
    };
    push();
  });
}
