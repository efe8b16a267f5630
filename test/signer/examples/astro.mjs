// src/pages/api/sign.js
import { createSigner, uploadPolicy } from '@counterseal/signer';
import { findUser } from './session.mjs';

const sign = createSigner({
  credentials: process.env.CLOUDINARY_URL,
  authorize: (_request, context) => findUser(context.cookies.get('session')?.value),
  policy: (user) => uploadPolicy({ force: { folder: `users/${user.id}` } }),
});

export const prerender = false;
export const ALL = (context) => sign(context.request, context);
