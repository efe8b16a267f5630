import { createServer } from 'node:http';
import { createSigner, uploadPolicy } from '@counterseal/signer';
import { toNodeHandler } from '@counterseal/signer/node';
import { findUser } from './session.mjs';

const sign = createSigner({
  credentials: process.env.CLOUDINARY_URL,
  authorize: (request) => findUser(request.headers.get('cookie')),
  policy: (user) => uploadPolicy({ force: { folder: `users/${user.id}` } }),
});

export const server = createServer(toNodeHandler(sign));
