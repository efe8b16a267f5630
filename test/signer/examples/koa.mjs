import { createSigner, uploadPolicy } from '@counterseal/signer';
import { toKoaMiddleware } from '@counterseal/signer/koa';
import Koa from 'koa';
import { findUser } from './session.mjs';

const sign = createSigner({
  credentials: process.env.CLOUDINARY_URL,
  authorize: (_request, ctx) => findUser(ctx.get('cookie')),
  policy: (user) => uploadPolicy({ force: { folder: `users/${user.id}` } }),
});

export const app = new Koa().use(toKoaMiddleware(sign));
