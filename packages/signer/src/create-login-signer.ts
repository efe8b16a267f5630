import { signMediaLibraryLogin } from '@counterseal/protocol';
import { readCredentials, type SignerCredentials } from './credentials.js';
import { type Endpoint, type EndpointOptions, endpoint } from './endpoint.js';
import { forbidden, ok } from './http/answers.js';

export interface LoginSignerOptions<User, Context = unknown> extends EndpointOptions<User, Context> {
  readonly credentials: SignerCredentials | string | undefined;
  /** Under which name a user logs in, or null when this one may not. Never taken from the request. */
  readonly username: (user: User) => string | null;
}

/**
 * A separate endpoint that signs the automatic log-in of the Media Library Widget (widgets reference, section 2.4): whoever it
 * answers may browse the library. Nothing in the request is signed.
 */
export function createLoginSigner<User, Context = unknown>(
  options: LoginSignerOptions<User, Context>,
): Endpoint<Context> {
  const { cloudName, apiKey, apiSecret } = readCredentials(options.credentials);
  const { username: usernameOf, clock = Date.now } = options;
  if (typeof usernameOf !== 'function') throw new TypeError('createLoginSigner needs username');
  return endpoint(options, async (_incoming, user, headers) => {
    const username = usernameOf(user);
    if (username === null || username === '') return forbidden(notAllowed, headers);
    const timestamp = Math.floor(clock() / 1000);
    const signature = signMediaLibraryLogin({ cloudName, timestamp, username }, apiSecret);
    return ok({ cloud_name: cloudName, api_key: apiKey, username, timestamp, signature }, headers);
  });
}

const notAllowed = {
  code: 'log-in-not-allowed',
  parameter: null,
  rule: 'username',
  message: 'This user may not log in to the media library',
};
