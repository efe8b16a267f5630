// app/api/sign/route.js
import { createSigner, uploadPolicy } from '@counterseal/signer';
import { findUser } from './session.mjs';

// Made for each request: `next build` loads this file too, and without the secret.
const sign = (request) =>
  createSigner({
    credentials: process.env.CLOUDINARY_URL,
    authorize: ({ cookies }) => findUser(cookies.get('session')?.value),
    policy: (user) => uploadPolicy({ force: { folder: `users/${user.id}` } }),
  })(request);

export { sign as GET, sign as POST };
