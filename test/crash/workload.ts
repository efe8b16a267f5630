import type { Client } from '../support/client.js';
import type { Random } from '../support/random.js';
import type { Params } from '../support/sign.js';
import type { UploadAnswer } from '../support/wire-shapes.js';
import type { Content } from './contents.js';
import { newSubject, type Operation, type Subject } from './ledger.js';

/** What an upload is like. `follow` is what the client does with it once it is acknowledged. */
interface Kind {
  readonly resourceType: Subject['resourceType'];
  readonly type?: Subject['type'];
  readonly params: Params;
  /** One of a few ids that all clients write at once; else an id of its own. */
  readonly shared?: true;
  readonly follow?: 'destroy' | 'delete-by-token';
}

const eagerPair = 'c_pad,h_30,w_40|c_fill,h_20,w_20/webp';

const kinds: readonly [Kind, ...Kind[]] = [
  { resourceType: 'image', params: {} },
  { resourceType: 'image', params: { eager: eagerPair } },
  { resourceType: 'image', params: { eager: eagerPair }, shared: true },
  { resourceType: 'image', params: {}, shared: true },
  { resourceType: 'image', params: { eager: 'c_scale,w_16', eager_async: true } },
  { resourceType: 'image', type: 'authenticated', params: { tags: 'a,b', context: 'k=v' } },
  { resourceType: 'image', params: { async: true } },
  { resourceType: 'image', params: { async: true, eager: eagerPair }, follow: 'destroy' },
  { resourceType: 'image', params: { eager: eagerPair }, follow: 'destroy' },
  { resourceType: 'image', params: { return_delete_token: true }, follow: 'delete-by-token' },
  { resourceType: 'raw', params: {} },
  { resourceType: 'raw', params: { async: true }, follow: 'destroy' },
];

const sharedIds = 3;
/** How long a client waits for an asynchronous upload before it goes on. */
const lookEveryMs = 10;
const looks = 15;

export interface Workload {
  readonly subjects: ReadonlyMap<string, Subject>;
  /** One upload, with what follows. Rejects when the server is gone. */
  act(client: Client): Promise<void>;
  /** The server is dead: what it had in hand will have no more effect. */
  serverDied(atMs: number): void;
  /** No promise is left to keep: the job queue is empty. */
  promisesKept(atMs: number): void;
  /** Resolves when a server says next that a picture is stored. */
  nextAcknowledged(): Promise<void>;
  /** What was acknowledged, and what was under way when a server died. */
  totals(): { readonly acknowledged: number; readonly cutOff: number };
}

export function createWorkload(random: Random, newContent: () => Content): Workload {
  const subjects = new Map<string, Subject>();
  const underWay = new Set<Operation>();
  /** May still be done later. A server may have taken such an upload and died before it said so. */
  const deferred = new Map<Operation, 'promised' | 'unknown'>();
  const totals = { acknowledged: 0, cutOff: 0 };
  const awaiting = new Set<() => void>();
  let made = 0;

  const subjectOf = ({ resourceType, type = 'upload', shared }: Kind): Subject => {
    made += 1;
    const publicId = shared === true ? `shared-${random.whole(1, sharedIds)}` : `own/${made}`;
    const key = `${resourceType}/${type}/${publicId}`;
    const subject = subjects.get(key) ?? newSubject({ resourceType, type, publicId });
    subjects.set(key, subject);
    return subject;
  };

  /** Notes when it began, and whether and when it was acknowledged. */
  const perform = async <Answer>(
    subject: Subject,
    { content, later }: { content: string | null; later: boolean },
    work: () => Promise<Answer>,
  ): Promise<{ answer: Answer; operation: Operation }> => {
    const operation: Operation = {
      content,
      startedAtMs: Date.now(),
      endedAtMs: Number.POSITIVE_INFINITY,
      acknowledged: false,
    };
    subject.operations.push(operation);
    if (later) deferred.set(operation, 'unknown');
    else underWay.add(operation);
    const answer = await work();
    underWay.delete(operation);
    if (later) deferred.set(operation, 'promised');
    else finish(operation, Date.now());
    totals.acknowledged += 1;
    if (subject.resourceType === 'image') for (const tell of awaiting) tell();
    return { answer, operation };
  };

  const uploadAs = (client: Client, kind: Kind, subject: Subject, { bytes, md5 }: Content) =>
    perform(subject, { content: md5, later: kind.params.async === true }, async () => {
      const { resourceType, type } = subject;
      const answer = await client.upload(
        { bytes, filename: 'photo.jpg' },
        { ...kind.params, public_id: subject.publicId, ...(type === 'upload' ? {} : { type }) },
        { resourceType },
      );
      if (answer.status !== 200) throw new UnexpectedAnswerError(`upload: ${answer.status} ${answer.text}`);
      const upload = answer.json<Partial<UploadAnswer> & { status?: string }>();
      const eager = upload.eager?.map((one) => ({ url: one.url, bytes: one.bytes ?? null }));
      if (eager !== undefined) subject.eager.set(md5, eager);
      return upload;
    });

  /** An asynchronous upload that can be seen is done. */
  const awaitSight = async (client: Client, subject: Subject, operation: Operation): Promise<boolean> => {
    for (let look = 0; look < looks; look += 1) {
      const { resourceType, type, publicId } = subject;
      const found = await client.admin('GET', `resources/${resourceType}/${type}/${publicId}`);
      if (found.status === 200) {
        deferred.delete(operation);
        finish(operation, Date.now());
        return true;
      }
      await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
    }
    return false;
  };

  const remove = (client: Client, subject: Subject, token: string | null) =>
    perform(subject, { content: null, later: false }, async () => {
      const { resourceType, publicId: public_id } = subject;
      const answer =
        token === null
          ? await client.call(`${resourceType}/destroy`, { public_id })
          : await client.call('delete_by_token', { token }, { auth: 'none' });
      if (answer.status !== 200 || answer.json().result !== 'ok')
        throw new UnexpectedAnswerError(`removal of ${public_id}: ${answer.status} ${answer.text}`);
    });

  return {
    subjects,
    async act(client) {
      const kind = random.pick(kinds);
      const subject = subjectOf(kind);
      const { answer, operation } = await uploadAs(client, kind, subject, newContent());
      const there = operation.acknowledged || (await awaitSight(client, subject, operation));
      if (!there || kind.follow === undefined) return;
      await remove(client, subject, kind.follow === 'delete-by-token' ? (answer.delete_token ?? '') : null);
    },
    nextAcknowledged: () =>
      new Promise((resolve) => {
        const tell = () => {
          awaiting.delete(tell);
          resolve();
        };
        awaiting.add(tell);
      }),
    totals: () => totals,
    serverDied(atMs) {
      totals.cutOff += underWay.size;
      for (const operation of underWay) operation.endedAtMs = atMs;
      underWay.clear();
    },
    promisesKept(atMs) {
      for (const [operation, state] of deferred)
        if (state === 'promised') finish(operation, atMs);
        else operation.endedAtMs = atMs;
      deferred.clear();
    },
  };
}

/** A living server said something that the workload gives it no reason to say. */
export class UnexpectedAnswerError extends Error {
  override readonly name = 'UnexpectedAnswerError';
}

function finish(operation: Operation, atMs: number): void {
  operation.acknowledged = true;
  operation.endedAtMs = atMs;
}
