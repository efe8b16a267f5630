// server/api/sign.js (Nuxt imports what is from h3 by itself)
import { createSigner, uploadPolicy } from '@counterseal/signer';
import { toNodeHandler } from '@counterseal/signer/node';
import { fromNodeMiddleware } from 'h3';
import { findUser } from './session.mjs';

const sign = createSigner({
  credentials: process.env.CLOUDINARY_URL,
  authorize: (request) => findUser(request.headers.get('cookie')),
  policy: (user) => uploadPolicy({ force: { folder: `users/${user.id}` } }),
});

export default fromNodeMiddleware(toNodeHandler(sign));
