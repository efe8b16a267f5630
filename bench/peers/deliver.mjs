import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream';
import sirv from 'sirv';

/*
 * `node deliver.mjs NAME FILE FOLDER`: a server that answers every GET with FILE. `memory` is the least node:http can do with the
 * headers that a delivery answer has; `constant` answers two bytes, which is node:http alone.
 */
const [name = '', path = ''] = process.argv.slice(2);
const bytes = await readFile(path);
const headers = {
  'Content-Type': 'application/octet-stream',
  'Cache-Control': 'public, no-transform, immutable, max-age=2592000',
  ETag: '"d41d8cd98f00b204e9800998ecf8427e"',
  'Last-Modified': new Date(0).toUTCString(),
};
const serveFolder = name === 'sirv' ? sirv(dirname(path), { etag: true }) : null;

const servers = {
  constant(_req, res) {
    res.writeHead(200, { 'Content-Length': 2 });
    res.end('ok');
  },

  memory(_req, res) {
    res.writeHead(200, { ...headers, 'Content-Length': bytes.length });
    res.end(bytes);
  },

  async stream(_req, res) {
    const { size } = await stat(path);
    res.writeHead(200, { ...headers, 'Content-Length': size });
    pipeline(createReadStream(path), res, () => {});
  },

  sirv(req, res) {
    serveFolder(req, res);
  },
};

const server = createServer(servers[name]);
server.listen(0, '127.0.0.1', () =>
  process.stdout.write(`ready http://127.0.0.1:${server.address().port}\n`),
);
