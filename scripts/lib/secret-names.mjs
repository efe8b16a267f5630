const shapes =
  /api[_-]?secret|client[_-]?secret|private[_-]?key|secret[_-]?key|cloudinary:\/\/|CLOUDINARY_URL|COUNTERSEAL_MASTER/i;

/** The first name in a browser bundle that looks like a secret's (threat model T3); null when there is none. */
export function secretNameIn(code) {
  return shapes.exec(code)?.[0] ?? null;
}
