import { createSigner, uploadPolicy } from '@counterseal/signer';
import { toNodeHandler } from '@counterseal/signer/node';

/** Signs what the form is about to send: into this folder, with any of these two derivatives. */
export function signUploadForm({ credentials }, visits) {
  const sign = createSigner({
    credentials,
    authorize: (_request, native) => visits.find(native.headers.cookie),
    rateLimit: (visit) => visits.secondsToWait(visit),
    resourceType: 'image',
    policy: uploadPolicy({
      force: { folder: 'signed_upload_demo_form' },
      transformations: { eager: ['c_pad,h_300,w_400', 'c_crop,h_200,w_260'] },
    }),
  });
  return toNodeHandler(sign);
}
