// src/routes/api/sign/+server.js
import { createSigner, uploadPolicy } from '@counterseal/signer';

// Made for each request: the build loads this file too, and without the secret.
const sign = (event) =>
  createSigner({
    credentials: process.env.CLOUDINARY_URL,
    authorize: () => event.locals.user,
    policy: (user) => uploadPolicy({ force: { folder: `users/${user.id}` } }),
  })(event.request);

export { sign as GET, sign as POST };
