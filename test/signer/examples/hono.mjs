import { createSigner, uploadPolicy } from '@counterseal/signer';
import { Hono } from 'hono';
import { findUser } from './session.mjs';

const sign = createSigner({
  credentials: process.env.CLOUDINARY_URL,
  authorize: (request) => findUser(request.headers.get('cookie')),
  policy: (user) => uploadPolicy({ force: { folder: `users/${user.id}` } }),
});

export const app = new Hono().all('/api/sign', (c) => sign(c.req.raw));
