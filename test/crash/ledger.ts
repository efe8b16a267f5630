/** What a test did to one public id, and what may stand there now. */

/** MD5 of the content, or null: nothing there. */
export type Content = string | null;

export interface Operation {
  readonly content: Content;
  readonly startedAtMs: number;
  /**
   * When it can have no more effect: the answer, or the death of the server that had it in hand. Infinity while it is under way,
   * and for work that a server promised to do later.
   */
  endedAtMs: number;
  /** The server said that it is done. */
  acknowledged: boolean;
}

export interface Subject {
  readonly resourceType: 'image' | 'raw';
  readonly type: 'upload' | 'authenticated';
  readonly publicId: string;
  readonly operations: Operation[];
  /** Derivatives promised by answers, by the content they were made of. */
  readonly eager: Map<string, readonly PromisedFile[]>;
  checkedAtMs: number;
}

export interface PromisedFile {
  readonly url: string;
  /** Null: the answer did not say yet. */
  readonly bytes: number | null;
}

export function newSubject(address: Pick<Subject, 'resourceType' | 'type' | 'publicId'>): Subject {
  const nothing = { content: null, startedAtMs: 0, endedAtMs: 0, acknowledged: true };
  return { ...address, operations: [nothing], eager: new Map(), checkedAtMs: 0 };
}

/**
 * Every content that may stand there: of each operation that no acknowledged one has followed. An operation that was not
 * acknowledged may have happened or not; one that was has.
 */
export function possibleContents({ operations }: Pick<Subject, 'operations'>): ReadonlySet<Content> {
  const superseded = ({ endedAtMs }: Operation) =>
    operations.some((later) => later.acknowledged && later.startedAtMs > endedAtMs);
  return new Set(operations.filter((one) => !superseded(one)).map(({ content }) => content));
}

/** What was seen while nobody was at work stays: from now on it is the only past, but for what is still to come. */
export function recordSight(subject: Subject, content: Content, atMs: number): void {
  const toCome = subject.operations.filter(({ endedAtMs }) => endedAtMs > atMs);
  const seen = { content, startedAtMs: atMs, endedAtMs: atMs, acknowledged: true };
  subject.operations.splice(0, subject.operations.length, seen, ...toCome);
  for (const made of subject.eager.keys())
    if (made !== content && toCome.every((one) => one.content !== made)) subject.eager.delete(made);
  subject.checkedAtMs = atMs;
}
