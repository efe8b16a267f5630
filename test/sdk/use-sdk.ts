import { afterAll, beforeAll } from 'vitest';
import { type Account, createClient } from '../support/client.js';
import { type ServerOptions, testAccount } from '../support/start-server.js';
import { type TestServer, useServer } from '../support/use-server.js';

type Typed = typeof import('cloudinary')['v2'];

/** The package's types leave out some of its functions. */
export type Sdk = Typed & {
  readonly api: { resource_by_asset_id(assetId: string): Promise<{ public_id: string }> };
  readonly utils: {
    verify_api_response_signature(publicId: string, version: number, signature: string): boolean;
  };
};
export type UploadResult = Awaited<ReturnType<Sdk['uploader']['upload']>>;

/** What the SDK rejects with. */
export interface SdkError {
  readonly message: string;
  readonly http_code: number;
}

export interface SdkFixture {
  readonly server: TestServer;
  /** Inside tests only. */
  readonly sdk: Sdk;
  /** The SDK's delivery address of this server, without the analytics it appends. */
  url(publicId: string, options?: Record<string, unknown>): string;
  /** Fetches an address as a viewer would. */
  get(address: string): Promise<{ status: number; bytes: Buffer; type: string | null; error: string | null }>;
}

/** Where SDKs read who and where they are. */
export function cloudinaryUrl(base: string, { cloud, apiKey, apiSecret }: Account = testAccount): string {
  return `cloudinary://${apiKey}:${apiSecret}@${cloud}?upload_prefix=${base}`;
}

/**
 * The official `cloudinary` package against a server of its own. The package decides for http or https when it is first loaded, so the
 * environment is set before (upload-api reference, section 8); each test file is a process of its own.
 */
export function useSdk(options: ServerOptions = {}): SdkFixture {
  const server = useServer(options);
  let sdk: Sdk | null = null;
  const before = process.env.CLOUDINARY_URL;
  beforeAll(async () => {
    process.env.CLOUDINARY_URL = cloudinaryUrl(server.url);
    sdk = (await import('cloudinary')).v2 as Sdk;
  });
  afterAll(() => {
    if (before === undefined) delete process.env.CLOUDINARY_URL;
    else process.env.CLOUDINARY_URL = before;
  });
  const loaded = () => {
    if (sdk === null) throw new Error('the SDK is there inside tests only');
    return sdk;
  };
  return {
    server,
    get sdk() {
      return loaded();
    },
    url: (publicId, given = {}) =>
      loaded()
        .url(publicId, { secure: false, cname: new URL(server.url).host, ...given })
        .replace(/\?_a=.*$/, ''),
    get: async (address) => {
      const { status, headers, bytes } = await createClient(server).deliver(address);
      const error = headers['x-cld-error'];
      return {
        status,
        bytes,
        type: headers['content-type'] ?? null,
        error: error === undefined ? null : String(error),
      };
    },
  };
}

/** The error of a call that must fail; the SDK nests it for Admin calls. */
export async function errorOf(call: Promise<unknown>): Promise<SdkError> {
  try {
    await call;
  } catch (error) {
    const { error: nested, ...plain } = error as SdkError & { error?: SdkError };
    const { message, http_code } = nested ?? plain;
    return { message, http_code };
  }
  throw new Error('the call did not fail');
}
