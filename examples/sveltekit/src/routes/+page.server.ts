import { type Actions, fail, type ServerLoad } from '@sveltejs/kit';
import { beginSession, sessionCookie, sessionSeconds } from '$lib/server/sessions';

export const load: ServerLoad = ({ locals }) => ({ user: locals.user });

export const actions: Actions = {
  async login({ request, cookies, url }) {
    const form = await request.formData();
    const session = beginSession(String(form.get('name') ?? ''), String(form.get('password') ?? ''));
    if (session === null) return fail(401, { message: 'Name or password is wrong.' });
    // Browsers send secure cookies to HTTPS and to this machine alone.
    cookies.set(sessionCookie, session, {
      path: '/',
      maxAge: sessionSeconds,
      secure: url.protocol === 'https:',
    });
  },
  logout({ cookies }) {
    cookies.delete(sessionCookie, { path: '/' });
  },
};
