import type { Handle } from '@sveltejs/kit';
import { findUser, sessionCookie } from '$lib/server/sessions';

/** Who is asking, for pages and endpoints alike. */
export const handle: Handle = ({ event, resolve }) => {
  event.locals.user = findUser(event.cookies.get(sessionCookie));
  return resolve(event);
};
