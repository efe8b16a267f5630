import { hash } from 'node:crypto';
import { createServer } from 'node:http';
import { v2 as cloudinary } from 'cloudinary';
import express from 'express';
import { toNodeHandler } from '../../packages/signer/dist/adapters/node.js';
import { createSigner, uploadPolicy } from '../../packages/signer/dist/index.js';

/*
 * `node sign.mjs NAME SECRET`: a signing endpoint, all of them with SHA-1. `ours` authorises and judges every parameter; `tutorial`
 * is the endpoint of the tutorials; `bare` is the least that gives a right signature.
 */
const [name = '', secret = ''] = process.argv.slice(2);

const endpoints = {
  ours() {
    const sign = createSigner({
      credentials: { cloudName: 'bench', apiKey: 'bench-key', apiSecret: secret },
      authorize: () => ({ id: 'bench' }),
      policy: () => uploadPolicy({ allow: ['folder'] }),
      algorithm: 'sha1',
    });
    return toNodeHandler(sign);
  },

  tutorial() {
    const app = express().use(express.json());
    return app.post('/sign', (req, res) => {
      res.json({ signature: cloudinary.utils.api_sign_request(req.body.paramsToSign, secret) });
    });
  },

  bare() {
    return async (req, res) => {
      const chunks = [];
      for await (const chunk of req) chunks.push(chunk);
      const { paramsToSign } = JSON.parse(Buffer.concat(chunks).toString());
      const pairs = Object.keys(paramsToSign)
        .sort()
        .map((key) => `${key}=${paramsToSign[key]}`);
      const body = JSON.stringify({ signature: hash('sha1', pairs.join('&') + secret) });
      res.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': body.length });
      res.end(body);
    };
  },
};

const server = createServer(endpoints[name]());
server.listen(0, '127.0.0.1', () =>
  process.stdout.write(`ready http://127.0.0.1:${server.address().port}/sign\n`),
);
