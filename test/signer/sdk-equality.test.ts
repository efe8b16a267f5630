import { createSigner, uploadPolicy } from '@counterseal/signer';
import cloudinary from 'cloudinary';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const secret = 'the-secret-of-this-test';
const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
const request = fc.record(
  {
    tags: fc.oneof(text, fc.array(text, { minLength: 1, maxLength: 3 })),
    context: text,
    filename_override: text,
    use_filename: fc.boolean(),
    public_id: text,
    folder: text,
    batch_id: fc.nat(),
  },
  { requiredKeys: [] },
);

test.each(['sha1', 'sha256'] as const)(
  "every request that is allowed is signed as the official SDK's api_sign_request does (%s)",
  async (algorithm) => {
    const sign = createSigner({
      credentials: { cloudName: 'demo', apiKey: 'key', apiSecret: secret },
      authorize: () => ({}),
      policy: uploadPolicy({
        allow: ['public_id', 'folder'],
        allowAmpersand: ['tags', 'context', 'filename_override'],
      }),
      algorithm,
    });
    cloudinary.v2.config({ signature_algorithm: algorithm });
    let signed = 0;
    await fc.assert(
      fc.asyncProperty(request, async (params) => {
        const paramsToSign = { ...params, source: 'uw', timestamp: Math.floor(Date.now() / 1000) };
        const body = JSON.stringify({ paramsToSign });
        const answer = await sign(new Request('http://app.test/sign', { method: 'POST', body }));
        if (answer.status !== 200) return;
        signed += 1;
        const expected = cloudinary.v2.utils.api_sign_request(JSON.parse(body).paramsToSign, secret);
        expect(await answer.json()).toMatchObject({ signature: expected });
      }),
      { numRuns: 500 },
    );
    expect(signed).toBeGreaterThan(100);
  },
);
