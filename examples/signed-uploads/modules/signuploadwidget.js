import { createSigner, uploadPolicy } from '@counterseal/signer';
import { toNodeHandler } from '@counterseal/signer/node';

/** Signs what the upload widget is about to send: into this folder, and nothing that `uploadPolicy` does not let a page set. */
export function signUploadWidget({ credentials }, visits) {
  const sign = createSigner({
    credentials,
    authorize: (_request, native) => visits.find(native.headers.cookie),
    rateLimit: (visit) => visits.secondsToWait(visit),
    policy: uploadPolicy({ force: { folder: 'signed_upload_demo_uw' } }),
  });
  return toNodeHandler(sign);
}
