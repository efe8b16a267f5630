import { createSigner, uploadPolicy } from '@counterseal/signer';
import type { RequestEvent } from '@sveltejs/kit';
import { env } from '$env/dynamic/private';

/** Made at the first request: a build knows no credentials. */
let signer: ReturnType<typeof makeSigner> | undefined;

function makeSigner() {
  return createSigner({
    credentials: env.CLOUDINARY_URL,
    authorize: (_request, event: RequestEvent) => event.locals.user,
    policy: (user) => uploadPolicy({ force: { folder: `users/${user.name}` } }),
  });
}

function sign(event: RequestEvent): Promise<Response> {
  signer ??= makeSigner();
  return signer(event.request, event);
}

export const POST = sign;
export const GET = sign;
