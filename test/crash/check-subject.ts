import { createHash } from 'node:crypto';
import type { Client } from '../support/client.js';
import type { ResourceAnswer } from '../support/wire-shapes.js';
import { type Content, possibleContents, recordSight, type Subject } from './ledger.js';

/**
 * Looks at one public id through Admin details and delivery while nobody writes. Answers what is wrong; empty when the asset is
 * whole and one that may stand there, or absent and may be.
 */
export async function checkSubject(client: Client, subject: Subject): Promise<string[]> {
  const { resourceType, type, publicId } = subject;
  const problems: string[] = [];
  const wrong = (text: string) => problems.push(`${resourceType}/${type}/${publicId}: ${text}`);

  const details = await client.admin('GET', `resources/${resourceType}/${type}/${publicId}`);
  if (details.status !== 200 && details.status !== 404) wrong(`details answer ${details.status}`);
  const found = details.status === 200 ? details.json<ResourceAnswer>() : null;
  const content: Content = found?.etag ?? null;

  const possible = possibleContents(subject);
  if (!possible.has(content))
    wrong(`${content ?? 'nothing'} stands where only ${[...possible].join(' or ')} may`);

  if (found === null) {
    const delivered = await client.deliver(`/${client.account.cloud}/${resourceType}/${type}/${publicId}`);
    if (delivered.status === 200) {
      // A deferred upload may have ended between the two questions; then there are details now.
      const again = await client.admin('GET', `resources/${resourceType}/${type}/${publicId}`);
      if (again.status === 200) return checkSubject(client, subject);
      wrong('delivered, though details say that there is none');
    }
  } else {
    const { status, bytes } = await client.deliver(found.url);
    if (status !== 200) wrong(`delivery answers ${status}`);
    else if (md5(bytes) !== found.etag || bytes.byteLength !== found.bytes)
      wrong('other bytes are delivered');
    for (const promised of subject.eager.get(found.etag) ?? []) {
      const derived = await client.deliver(promised.url);
      if (derived.status !== 200) wrong(`derivative ${promised.url} answers ${derived.status}`);
      else if (promised.bytes !== null && promised.bytes !== derived.bytes.byteLength)
        wrong(`derivative ${promised.url} has ${derived.bytes.byteLength} bytes of ${promised.bytes}`);
    }
  }
  recordSight(subject, content, Date.now());
  return problems;
}

function md5(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex');
}
