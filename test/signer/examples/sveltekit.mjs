// src/routes/api/sign/+server.js
import { createSigner, uploadPolicy } from '@counterseal/signer';

const sign = createSigner({
  credentials: process.env.CLOUDINARY_URL,
  authorize: (_request, event) => event.locals.user,
  policy: (user) => uploadPolicy({ force: { folder: `users/${user.id}` } }),
});

export const POST = (event) => sign(event.request, event);
export const GET = (event) => sign(event.request, event);
