import { ApiError } from '@counterseal/protocol';
import { type Authenticator, rejected } from '../authenticator.js';

/** OAuth tokens (upload-api reference, section 2.11): there is nobody here who issues them, so none is valid. */
export const authenticateBearer: Authenticator = async ({ authorization }) => {
  if (authorization === null || !/^bearer(\s|$)/i.test(authorization)) return { outcome: 'not-applicable' };
  return rejected(new ApiError('invalid-token'));
};
