import { type FilePart, type Form, filePart, jsonForm, multipart, partsOf, urlencoded } from './forms.js';
import { type HttpAnswer, type HttpRequest, send } from './http.js';
import { nowSeconds, type Params, signParams } from './sign.js';
import { testAccount } from './start-server.js';

export interface Account {
  readonly cloud: string;
  readonly apiKey: string;
  readonly apiSecret: string;
}

export interface CallOptions {
  /** `signature` by default. */
  readonly auth?: 'signature' | 'basic' | 'none';
  readonly headers?: Readonly<Record<string, string>>;
}

export interface UploadOptions extends CallOptions {
  readonly resourceType?: string;
}

export type Client = ReturnType<typeof createClient>;

/** What an SDK does, in plain sight: signs, builds the form, sends, and answers everything that came back. */
export function createClient(server: { readonly url: string }, account: Account = testAccount) {
  const api = (path: string) => `/v1_1/${account.cloud}/${path}`;
  const raw = (request: HttpRequest) => send(server.url, request);

  /** `params` with what authenticates them. */
  const credentials = (params: Params): Params => {
    const all = { timestamp: nowSeconds(), ...params };
    return { ...all, api_key: account.apiKey, signature: signParams(all, account.apiSecret) };
  };
  const authenticated = (params: Params, auth: CallOptions['auth'] = 'signature'): Params =>
    auth === 'signature' ? credentials(params) : params;
  const basic = `Basic ${Buffer.from(`${account.apiKey}:${account.apiSecret}`).toString('base64')}`;

  const post = (path: string, form: Form, { auth, headers }: CallOptions = {}) =>
    raw({
      method: 'POST',
      path: api(path),
      body: form.body,
      headers: {
        'Content-Type': form.contentType,
        ...(auth === 'basic' ? { Authorization: basic } : {}),
        ...headers,
      },
    });

  return {
    account,
    basic,
    api,
    raw,
    credentials,
    post,
    /** A file with its parameters; text is a data URI or an address. */
    upload(file: FilePart | string, params: Params = {}, options: UploadOptions = {}): Promise<HttpAnswer> {
      const parts = partsOf(authenticated(params, options.auth));
      const part = typeof file === 'string' ? { name: 'file', value: file } : filePart(file);
      return post(`${options.resourceType ?? 'image'}/upload`, multipart([...parts, part]), options);
    },
    /** Upload API call without a file. */
    call(action: string, params: Params = {}, options: CallOptions = {}): Promise<HttpAnswer> {
      return post(action, urlencoded(authenticated(params, options.auth)), options);
    },
    /** Admin API call with Basic; parameters in the query of GET, else in a urlencoded body. */
    admin(method: string, path: string, params: Params = {}): Promise<HttpAnswer> {
      const { body, contentType } = urlencoded(params);
      const inQuery = method === 'GET' && body.length > 0;
      return raw({
        method,
        path: api(path) + (inQuery ? `?${body}` : ''),
        headers: { Authorization: basic, 'Content-Type': contentType },
        ...(method === 'GET' ? {} : { body }),
      });
    },
    adminJson(method: string, path: string, value: unknown): Promise<HttpAnswer> {
      const { body, contentType } = jsonForm(value);
      return raw({
        method,
        path: api(path),
        headers: { Authorization: basic, 'Content-Type': contentType },
        body,
      });
    },
    /** By path, or by an address out of an answer. */
    deliver(address: string, headers: Readonly<Record<string, string>> = {}, method = 'GET') {
      const path = address.startsWith('http') ? address.slice(new URL(address).origin.length) : address;
      return raw({ method, path, headers });
    },
  };
}
