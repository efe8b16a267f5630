import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import multipart from '@fastify/multipart';
import Fastify from 'fastify';
import multer from 'multer';
import { verifyRequestSignature } from '../../packages/protocol/dist/index.js';
import { CoalescingWriter } from '../../packages/server/dist/adapters/disk/coalescing-writer.js';
import { DiskBlobStore } from '../../packages/server/dist/adapters/disk/disk-blob-store.js';
import { readRequest } from '../../packages/server/dist/http/read-request.js';

/*
 * `node receive.mjs NAME FOLDER`: a server that stores what is sent to it as a file in FOLDER and answers `{ path }`.
 *
 * `pipe` is the reference: a body without a form, piped into a file. `pipe-md5-fsync` does in the plainest way what a stored
 * upload needs besides. `receiver` and `receiver-md5` are the intake of our own server, without its database and its fsync.
 */
const [name = '', folder = ''] = process.argv.slice(2);
const secret = 'bench-secret-of-16-and-more';
let files = 0;
const nextPath = () => join(folder, `upload-${files++}`);

const receivers = {
  async pipe(req) {
    const path = nextPath();
    await pipeline(req, createWriteStream(path));
    return path;
  },

  async 'pipe-md5-fsync'(req) {
    const path = nextPath();
    const hash = createHash('md5');
    req.on('data', (chunk) => hash.update(chunk));
    await pipeline(req, createWriteStream(path));
    hash.digest('hex');
    const file = await open(path);
    await file.sync();
    await file.close();
    return path;
  },

  async receiver(req) {
    const path = nextPath();
    await readSigned(req, async (body) => {
      const file = await open(path, 'wx');
      const writer = new CoalescingWriter(file, () => {});
      for await (const chunk of body) {
        const full = writer.push(chunk);
        if (full !== null) await full;
      }
      await writer.finish();
      await file.close();
    });
    return path;
  },

  async 'receiver-md5'(req) {
    let path = '';
    await readSigned(req, async (body) => {
      path = (await blobs.stage(body, { maxBytes: 2 ** 30 })).path;
    });
    return path;
  },

  multer(req, res) {
    return new Promise((resolve, reject) => {
      diskUpload(req, res, (error) => (error ? reject(error) : resolve(req.file.path)));
    });
  },
};

const blobs = await DiskBlobStore.open(join(folder, 'store'));
const diskUpload = multer({
  storage: multer.diskStorage({
    filename: (_req, _file, done) => done(null, `upload-${files++}`),
    destination: folder,
  }),
}).single('file');

async function readSigned(req, takeFile) {
  const onFile = async (parameters, file) => {
    const params = Object.fromEntries(parameters);
    const { outcome } = verifyRequestSignature({ params, signature: params.signature, secret });
    if (outcome !== 'valid') throw new Error(outcome);
    await takeFile(file.body);
  };
  await readRequest(req, { onFile });
}

async function listenBare(receive) {
  const server = createServer((req, res) => {
    receive(req, res).then(
      (path) => answer(res, 200, { path }),
      (error) => answer(res, 500, { error: String(error) }),
    );
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${server.address().port}`;
}

function answer(res, status, value) {
  const body = JSON.stringify(value);
  res.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) });
  res.end(body);
}

async function listenFastify() {
  const app = Fastify();
  await app.register(multipart, { limits: { fileSize: 2 ** 30 } });
  app.post('/', async (request) => {
    const path = nextPath();
    const part = await request.file();
    await pipeline(part.file, createWriteStream(path));
    return { path };
  });
  return app.listen({ host: '127.0.0.1', port: 0 });
}

const url = name === 'fastify' ? await listenFastify() : await listenBare(receivers[name]);
process.stdout.write(`ready ${url}\n`);
