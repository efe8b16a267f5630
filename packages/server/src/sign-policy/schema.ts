import { z } from 'zod';

/** Weaker secrets are refused: whoever guesses one may sign uploads (threat model T48). */
const minimumTokenCharacters = 16;
/** RFC 7518, section 3.2: an HS256 key "of the same size as the hash output [...] or larger". */
const minimumHs256Characters = 32;

const names = z.array(z.string().min(1));
const perParameter = <Limit extends z.ZodType>(limit: Limit) => z.record(z.string(), limit);
const scalar = z.union([z.string(), z.number(), z.boolean()]);
const origin = z
  .string()
  .refine((text) => URL.canParse(text) && new URL(text).origin === text, 'must be scheme://host[:port]');

/** Where a secret comes from: the file itself, or a file beside it. */
const secretFields = { secret: z.string().min(1).optional(), secretFile: z.string().min(1).optional() };
const oneSecret = (given: { secret?: string | undefined; secretFile?: string | undefined }) =>
  (given.secret === undefined) !== (given.secretFile === undefined);
const oneSecretText = 'needs secret or secretFile, and only one of them';

const jwtChecks = {
  issuer: z.string().min(1).optional(),
  audience: z.string().min(1).optional(),
  clockToleranceSeconds: z.number().int().min(0).max(300).optional(),
};
const jwt = z.union([
  z
    .strictObject({ algorithms: z.tuple([z.literal('HS256')]), ...secretFields, ...jwtChecks })
    .refine(oneSecret, oneSecretText),
  z.strictObject({
    algorithms: z.array(z.enum(['RS256', 'ES256'])).min(1),
    jwksUrl: z.string().refine(isSafeUrl, 'must be https, or http on a loopback address'),
    ...jwtChecks,
  }),
]);

const token = z
  .strictObject({
    ...secretFields,
    claims: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  })
  .refine(oneSecret, oneSecretText);

const range = z.strictObject({ minimum: z.number().optional(), maximum: z.number().optional() });
const policy = z.strictObject({
  allow: names.optional(),
  allowDangerous: names.optional(),
  allowAmpersand: names.optional(),
  force: perParameter(z.union([scalar, z.array(z.union([z.string(), z.number()]))])).optional(),
  includeTags: names.optional(),
  includeContext: z.record(z.string(), z.string()).optional(),
  values: perParameter(names).optional(),
  prefixes: perParameter(names).optional(),
  patterns: perParameter(names).optional(),
  ranges: perParameter(range).optional(),
  transformations: z.strictObject({ eager: names.optional(), transformation: names.optional() }).optional(),
  timestamp: z
    .strictObject({
      maxAgeSeconds: z.number().int().min(1).max(3600).optional(),
      maxAheadSeconds: z.number().int().min(0).max(300).optional(),
    })
    .optional(),
  requirePreset: z.string().min(1).optional(),
});

/** A policy file, as `--sign-policy` takes it. `docs/sign-policy.schema.json` is made from this. */
export const signPolicySchema = z.strictObject({
  $schema: z.string().optional().describe('docs/sign-policy.schema.json, for editors'),
  cloud: z.string().optional().describe('cloud to sign for; may be left out while there is only one'),
  apiKey: z.string().optional().describe('key that signs; the oldest enabled one of the cloud when absent'),
  authorize: z
    .strictObject({ jwt: jwt.optional(), token: token.optional() })
    .refine(({ jwt: byJwt, token: byToken }) => byJwt !== undefined || byToken !== undefined, {
      message: 'needs jwt or token: there is no anonymous signing',
    })
    .describe('who may ask: a JWT in Authorization: Bearer, or a shared token in X-Counterseal-Sign-Token'),
  origins: z
    .array(origin)
    .optional()
    .describe('origins of pages that may ask, exactly as browsers send them'),
  policy: policy.describe('what may be signed; {claim} in texts stands for a claim of the JWT or the token'),
  mediaLibrary: z
    .strictObject({ username: z.string().min(1) })
    .optional()
    .describe('also sign log-ins of the media library at /sign/media-library, for this user'),
});

export type SignPolicyFile = z.output<typeof signPolicySchema>;
export type JwtAuthorization = z.output<typeof jwt>;

/** The shortest secret of each kind. */
export const minimumSecretCharacters = {
  jwt: minimumHs256Characters,
  token: minimumTokenCharacters,
} as const;

/** The published JSON Schema of policy files. */
export function signPolicyJsonSchema(): unknown {
  return {
    ...z.toJSONSchema(signPolicySchema, { io: 'input' }),
    title: 'Counterseal sign policy',
  };
}

function isSafeUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || (protocol === 'http:' && /^(127\.|\[::1\]$|localhost$)/.test(hostname));
}
