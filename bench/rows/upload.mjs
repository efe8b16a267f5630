import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { inParallel, post, send } from '../lib/http-client.mjs';
import { startCounterseal, startPeer } from '../lib/processes.mjs';
import { row } from '../lib/report.mjs';
import { playRounds, ratio } from '../lib/rounds.mjs';
import { signedForm, uploadAddress } from '../lib/signed-form.mjs';
import { visit } from '../lib/visit.mjs';

/**
 * P4 and P5: a signed multipart upload of raw bytes against the same bytes piped into a file by bare node:http. `receiver` is our
 * intake alone, as the goals have it; `ours` is the product, which also hashes, syncs the disk and commits rows.
 */
export const name = 'upload';

const mebibyte = 1024 * 1024;

const sizes = [
  { megabytes: 1, peers: [], operations: { quick: 12, full: 30 } },
  {
    megabytes: 10,
    peers: ['receiver', 'receiver-md5', 'multer', 'fastify'],
    operations: { quick: 3, full: 6 },
  },
  { megabytes: 50, peers: [], operations: { quick: 1, full: 2 } },
];

const goals = [
  {
    id: 'P4',
    who: 'receiver',
    megabytes: 10,
    reference: 'pipe',
    goal: { min: 1.15 },
    what: 'intake without MD5',
  },
  {
    id: 'P4',
    who: 'receiver',
    megabytes: 10,
    reference: 'multer',
    goal: { min: 1.6 },
    what: 'intake without MD5',
  },
  {
    id: 'P4',
    who: 'receiver',
    megabytes: 10,
    reference: 'fastify',
    goal: { min: 1.8 },
    what: 'intake without MD5',
  },
  {
    id: 'P5',
    who: 'receiver-md5',
    megabytes: 10,
    reference: 'pipe',
    goal: { min: 0.6 },
    what: 'intake with MD5',
  },
  {
    id: 'P5',
    who: 'receiver-md5',
    megabytes: 10,
    reference: 'pipe',
    figure: 'wall',
    goal: { min: 1 },
    what: 'intake with MD5',
  },
  ...[1, 10, 50].flatMap((megabytes) => [
    { id: 'P5', who: 'ours', megabytes, reference: 'pipe', goal: { min: 0.6 }, what: 'whole upload' },
    { id: '', who: 'ours', megabytes, reference: 'pipe-md5-fsync', goal: null, what: 'whole upload' },
    {
      id: '',
      who: 'ours',
      megabytes,
      reference: 'pipe-md5-fsync',
      figure: 'wall',
      goal: null,
      what: 'whole upload',
    },
  ]),
];

export async function run({ quick }) {
  const peers = ['pipe', 'pipe-md5-fsync', ...new Set(sizes.flatMap((size) => size.peers))];
  const started = [];
  const rows = [];
  try {
    // On both cores: the hash of a large upload runs beside its writes.
    started.push({ ...(await startCounterseal({ core: null })), name: 'ours' });
    for (const peer of peers) {
      started.push({ ...(await startPeer('receive.mjs', [peer], { core: null })), name: peer });
    }
    for (const { megabytes, peers: wanted, operations } of sizes) {
      const names = new Set(['ours', 'pipe', 'pipe-md5-fsync', ...wanted]);
      const file = randomBytes(megabytes * mebibyte);
      const contenders = started
        .filter((server) => names.has(server.name))
        .map((server) => contenderOf(server, file, quick ? operations.quick : operations.full));
      for (const contender of contenders) await contender.check();
      const samples = await playRounds(contenders, quick ? 3 : 9, async (contender) => {
        const figures = await visit(contender);
        await contender.clean();
        return figures;
      });
      for (const { id, who, reference, figure = 'cpu', goal, what } of goals.filter(
        (each) => each.megabytes === megabytes,
      )) {
        const label = `${what}, ${megabytes} MiB: ${reference} (${figure === 'cpu' ? 'CPU' : 'wall'})`;
        rows.push(row(id, label, goal, ratio(samples, { contender: who, reference, figure })));
      }
    }
  } finally {
    await Promise.all(started.map((server) => server.stop()));
  }
  return rows;
}

function contenderOf(server, file, operations) {
  const isForm = !server.name.startsWith('pipe');
  const form = isForm ? signedForm(file) : { contentType: 'application/octet-stream', body: file };
  const address = server.name === 'ours' ? uploadAddress(server.url, 'raw') : server.url;
  const upload = () => post(address, form);
  const blobFolder = server.name === 'ours' ? join(server.folder, 'blobs') : server.folder;
  return {
    name: server.name,
    pid: server.pid,
    work: async () => {
      await inParallel(operations, 1, upload);
      return operations;
    },
    check: async () => {
      const answer = await upload();
      const stored = answer.path === undefined ? (await send(answer.url)).bytes : await readFile(answer.path);
      if (sha1(stored) !== sha1(file)) throw new Error(`${server.name} stored something else`);
    },
    /** Between visits, so that removing costs nobody anything. */
    clean: () => removeFiles(blobFolder),
  };
}

async function removeFiles(folder) {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) await rm(join(entry.parentPath ?? entry.path, entry.name));
  }
}

function sha1(bytes) {
  return createHash('sha1').update(bytes).digest('hex');
}
