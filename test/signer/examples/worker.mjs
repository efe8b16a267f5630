import { createSigner, uploadPolicy } from '@counterseal/signer';
import { findUser } from './session.mjs';

export default {
  fetch: (request, env) =>
    createSigner({
      credentials: env.CLOUDINARY_URL,
      authorize: ({ headers }) => findUser(headers.get('cookie')),
      policy: (user) => uploadPolicy({ force: { folder: `users/${user.id}` } }),
    })(request),
};
