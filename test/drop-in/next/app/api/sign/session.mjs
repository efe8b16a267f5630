/** Stands for the session of an application: the cookie `session=42` is the user 42. */
export async function findUser(cookie) {
  const id = /^(?:session=)?(\d+)$/.exec(cookie ?? '')?.[1];
  return id === undefined ? null : { id };
}
