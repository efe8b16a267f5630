// app/api/sign/route.js
import { createSigner, uploadPolicy } from '@counterseal/signer';
import { findUser } from './session.mjs';

const sign = createSigner({
  credentials: process.env.CLOUDINARY_URL,
  authorize: (request) => findUser(request.cookies.get('session')?.value),
  policy: (user) => uploadPolicy({ force: { folder: `users/${user.id}` } }),
});

export const POST = (request) => sign(request);
export const GET = (request) => sign(request);
