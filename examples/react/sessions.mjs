import { createHmac, timingSafeEqual } from 'node:crypto';

const lifeSeconds = 8 * 3600;
/** Of its own: all ports of a host share their cookies. */
const cookieName = 'react_example';
const attributes = 'Path=/; HttpOnly; SameSite=Lax';

/** Sessions without a store: the cookie is the user's name and an end, with a seal over both. For a demonstration with one user. */
export function createSessions({ sessionSecret, demoUser, demoPassword }) {
  const seal = (text) => createHmac('sha256', sessionSecret).update(text).digest('base64url');
  const isEqual = (given, wanted) => timingSafeEqual(Buffer.from(seal(given)), Buffer.from(seal(wanted)));
  return {
    /** The cookie of a new session; null when name or password is wrong. */
    begin(name, password) {
      if (!isEqual(String(name), demoUser) || !isEqual(String(password), demoPassword)) return null;
      const text = `${Buffer.from(demoUser).toString('base64url')}.${Math.floor(Date.now() / 1000) + lifeSeconds}`;
      return `${cookieName}=${text}.${seal(text)}; Max-Age=${lifeSeconds}; ${attributes}`;
    },
    end: () => `${cookieName}=; Max-Age=0; ${attributes}`,
    /** The user's name; null for nobody. */
    find(cookies) {
      const [, text = '', name = '', end = '', given = ''] =
        /(?:^|; )react_example=(([\w-]+)\.(\d+))\.([\w-]+)/.exec(cookies ?? '') ?? [];
      if (text === '' || !isEqual(given, seal(text)) || Number(end) < Date.now() / 1000) return null;
      return Buffer.from(name, 'base64url').toString();
    },
  };
}
