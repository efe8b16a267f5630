import { createSigner, uploadPolicy } from '@counterseal/signer';
import { toExpressHandler } from '@counterseal/signer/express';
import express from 'express';
import { findUser } from './session.mjs';

const sign = createSigner({
  credentials: process.env.CLOUDINARY_URL,
  authorize: (_request, req) => findUser(req.get('cookie')),
  policy: (user) => uploadPolicy({ force: { folder: `users/${user.id}` } }),
});

export const app = express().use('/api/sign', toExpressHandler(sign));
