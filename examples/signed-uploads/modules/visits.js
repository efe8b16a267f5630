import { randomBytes } from 'node:crypto';

const cookieName = 'signed-uploads-visit';
const maxVisits = 1_000;
const maxSignaturesPerMinute = 60;

/**
 * Who is asking. Stands for the log-in of an application: here everybody who has opened a page is somebody, until the app ends or
 * a thousand others have come. Put your own session in its place before strangers can reach the app.
 */
export function createVisits() {
  const visits = new Map();

  const find = (cookies = '') => {
    const id = new RegExp(`(?:^|; )${cookieName}=([0-9a-f]{32})(?:;|$)`).exec(cookies)?.[1];
    return visits.get(id) ?? null;
  };

  return {
    find,
    /** The cookie that a page brings along; nothing for a visitor who has one. */
    cookieFor(cookies) {
      if (find(cookies) !== null) return {};
      const id = randomBytes(16).toString('hex');
      visits.set(id, { minute: 0, signatures: 0 });
      if (visits.size > maxVisits) visits.delete(visits.keys().next().value);
      return { 'Set-Cookie': `${cookieName}=${id}; Path=/; HttpOnly; SameSite=Strict` };
    },
    /** Null while the visitor may have another signature. */
    secondsToWait(visit) {
      const seconds = Math.floor(Date.now() / 1000);
      const minute = Math.floor(seconds / 60);
      if (visit.minute !== minute) Object.assign(visit, { minute, signatures: 0 });
      visit.signatures += 1;
      return visit.signatures > maxSignaturesPerMinute ? 60 - (seconds % 60) : null;
    },
  };
}
