import { createSigner, uploadPolicy } from '@counterseal/signer';
import { toFastifyPlugin } from '@counterseal/signer/fastify';
import fastify from 'fastify';
import { findUser } from './session.mjs';

const sign = createSigner({
  credentials: process.env.CLOUDINARY_URL,
  authorize: (_request, req) => findUser(req.headers.cookie),
  policy: (user) => uploadPolicy({ force: { folder: `users/${user.id}` } }),
});

export const app = fastify().register(toFastifyPlugin(sign), { prefix: '/api/sign' });
