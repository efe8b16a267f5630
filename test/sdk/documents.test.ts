import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import typescript from 'typescript';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createClient } from '../support/client.js';
import { hasCommand, runCommand } from '../support/commands.js';
import { innerFolder } from '../support/inner-folder.js';
import { plain, quarters } from '../support/pictures.js';
import { startPlainApp } from '../support/plain-app.js';
import { startRemoteHost } from '../support/remote-host.js';
import { nowSeconds } from '../support/sign.js';
import { useServer } from '../support/use-server.js';
import type { UploadAnswer } from '../support/wire-shapes.js';

/*
 * What three public documents tell a developer to type, as they write it, with a server of ours underneath. A host name is replaced;
 * every other change is a correction, and docs/documents-checked.md says why. The browser's part is test/browser/documents.test.ts.
 */
const account = { cloud: 'demo', apiKey: '1234', apiSecret: 'abcd' };
const server = useServer({
  env: { COUNTERSEAL_BOOTSTRAP: 'cloudinary://1234:abcd@demo', COUNTERSEAL_FETCH_ALLOW: '127.0.0.0/8' },
});
const ours = fileURLToPath(new URL('../../packages/cli/dist/main.js', import.meta.url));
const signature = 'bfd09f95f331f558cbd1320e67aa8d488770583e';
const worked =
  '{"timestamp":1315060510,"public_id":"sample_image","eager":"w_400,h_300,c_pad|w_260,h_200,c_crop"}';

/** Runs lines as a shell would; the host of the documents is our server. */
const shell = (lines: string, env: NodeJS.ProcessEnv = {}) =>
  runCommand('bash', ['-c', lines.replaceAll('http://api.cloudinary.com', server.url)], {
    env: { ...process.env, ...env },
  });

const accountUrl = () => `cloudinary://1234:abcd@demo?upload_prefix=${server.url}`;
const pixel = `data:image/png;base64,${(await plain(4, 4)).toString('base64')}`;

async function insideFolder(): Promise<string> {
  const { path, remove } = await innerFolder();
  onTestFinished(remove);
  return path;
}

async function runNode(name: string, text: string, env: NodeJS.ProcessEnv = {}, flags: string[] = []) {
  const cwd = await insideFolder();
  await writeFile(join(cwd, name), text);
  return runCommand(process.execPath, [...flags, name], { cwd, env: { ...process.env, ...env } });
}

describe('"Generating authentication signatures"', () => {
  const curl = `curl -d "file=https://www.example.com/sample.jpg&api_key=1234&eager=w_400,h_300,c_pad|w_260,h_200,c_crop&public_id=sample_image&timestamp=1315060510&signature=bfd09f95f331f558cbd1320e67aa8d488770583e" -X POST http://api.cloudinary.com/v1_1/demo/image/upload`;

  test('the three steps by hand, and our command, make the signature it prints', async () => {
    const serialised =
      'eager=w_400,h_300,c_pad|w_260,h_200,c_crop&public_id=sample_image&timestamp=1315060510';
    const parameters = Object.entries(JSON.parse(worked) as Record<string, string | number>);
    const sorted = parameters.map(([name, value]) => `${name}=${value}`).sort();
    expect(sorted.join('&')).toBe(serialised);
    expect(createHash('sha1').update(`${serialised}abcd`).digest('hex')).toBe(signature);
    const { stdout } = await runCommand(process.execPath, [ours, 'sign', worked, 'abcd']);
    expect(stdout).toBe(`${signature}\n`);
  });

  describe.skipIf(!hasCommand('curl'))('its curl line', () => {
    let picture: Awaited<ReturnType<typeof startRemoteHost>>;
    beforeAll(async () => {
      const bytes = await quarters(600, 400, { format: 'jpg' });
      picture = await startRemoteHost((_req, res) => res.end(bytes));
    });
    afterAll(() => picture.close());

    /** The line with another time, and the signature that the document's steps make for it. */
    const at = (timestamp: number, secret = 'abcd') => {
      const parameters = `eager=w_400,h_300,c_pad|w_260,h_200,c_crop&public_id=sample_image&timestamp=${timestamp}`;
      const made = createHash('sha1')
        .update(parameters + secret)
        .digest('hex');
      return curl
        .replace('1315060510', String(timestamp))
        .replace(signature, made)
        .replace('https://www.example.com', picture.url);
    };
    const answerOf = async (line: string) =>
      JSON.parse((await shell(line.replace('curl', 'curl -s'))).stdout) as UploadAnswer & {
        error?: { message: string };
      };

    test('as written: the signature is right, the time is long past', async () => {
      expect(await answerOf(curl)).toEqual({
        error: {
          message: 'Stale request - reported time is 2011-09-03 14:35:10 +0000 which is more than 1 hour ago',
        },
      });
      const { error } = await answerOf(curl.replace('bfd09f', 'cfd09f'));
      expect(error?.message).toBe(
        "Invalid Signature cfd09f95f331f558cbd1320e67aa8d488770583e. String to sign - 'eager=w_400,h_300,c_pad|w_260,h_200,c_crop&public_id=sample_image&timestamp=1315060510'.",
      );
    });

    test('with the time of day and a picture that exists: uploaded, two derivatives', async () => {
      const answer = await answerOf(at(nowSeconds()));
      expect(answer).toMatchObject({
        public_id: 'sample_image',
        original_filename: 'sample',
        eager: [
          { transformation: 'c_pad,h_300,w_400', width: 400, height: 300 },
          { transformation: 'c_crop,h_200,w_260', width: 260, height: 200 },
        ],
      });
      for (const { url } of answer.eager ?? [])
        expect((await createClient(server).deliver(url)).status).toBe(200);
    });

    test('a signature lives for an hour, and for the parameters it was made for', async () => {
      const now = nowSeconds();
      expect((await answerOf(at(now - 3_500))).public_id).toBe('sample_image');
      expect((await answerOf(at(now - 3_700))).error?.message).toMatch(/^Stale request/);
      const changed = await answerOf(at(now).replace('public_id=sample_image', 'public_id=other'));
      expect(changed.error?.message).toMatch(
        /^Invalid Signature \w{40}\. String to sign - 'eager=.*public_id=other/,
      );
    });

    test('Basic authentication needs no signature', async () => {
      const { stdout } = await shell(
        `curl -s -u 1234:abcd -d file=${picture.url}/sample.jpg ${server.url}/v1_1/demo/image/upload`,
      );
      expect(JSON.parse(stdout)).toMatchObject({ width: 600, height: 400 });
    });
  });

  test('a JSON body with every value as text is signed alike', async () => {
    const timestamp = String(nowSeconds());
    const toSign = `public_id=from_json&timestamp=${timestamp}`;
    const body = JSON.stringify({
      file: pixel,
      api_key: '1234',
      public_id: 'from_json',
      timestamp,
      signature: createHash('sha1').update(`${toSign}abcd`).digest('hex'),
    });
    const headers = { 'Content-Type': 'application/json' };
    const answer = await fetch(`${server.url}/v1_1/demo/image/upload`, { method: 'POST', headers, body });
    expect(await answer.json()).toMatchObject({ public_id: 'from_json' });
  });

  test('the Node line, with SHA-1 and with signature_algorithm sha256', async () => {
    const program = `
import { v2 as cloudinary } from 'cloudinary';
const params_to_sign = JSON.parse(process.env.PARAMS);
const api_secret = 'abcd';
const signed = () =>
cloudinary.utils.api_sign_request(params_to_sign, api_secret);
const sha1 = signed();
cloudinary.config({ signature_algorithm: 'sha256' });
console.log(JSON.stringify({ sha1, sha256: signed() }));
`;
    const { stdout } = await runNode('sign.mjs', program, { PARAMS: worked });
    expect(JSON.parse(stdout).sha1).toBe(signature);
    const timestamp = nowSeconds();
    const fresh = await runNode('sign.mjs', program, { PARAMS: JSON.stringify({ timestamp }) });
    for (const made of Object.values(JSON.parse(fresh.stdout) as Record<string, string>)) {
      const form = { file: pixel, api_key: '1234', timestamp, signature: made };
      const answer = await createClient(server, account).call('image/upload', form, { auth: 'none' });
      expect(answer.status, answer.text).toBe(200);
    }
  });

  const languages = [
    {
      language: 'Python',
      probe: "python3 -c 'import cloudinary.utils'",
      line: `python3 -c 'import sys, json, cloudinary.utils
params_to_sign = json.loads(sys.argv[1])
api_secret = sys.argv[2]
print(
cloudinary.utils.api_sign_request(params_to_sign, api_secret)
)' "$params_to_sign" "$api_secret"`,
    },
    {
      language: 'Ruby',
      probe: "ruby -e 'require %q(cloudinary)'",
      line: `ruby -e 'require "cloudinary"; require "json"
params_to_sign = JSON.parse(ARGV[0], symbolize_names: true)
api_secret = ARGV[1]
puts(
Cloudinary::Utils.api_sign_request(params_to_sign, api_secret)
)' "$params_to_sign" "$api_secret"`,
    },
    {
      language: 'cld',
      probe: 'cld --version',
      line: 'cld utils api_sign_request $params_to_sign $api_secret',
    },
    {
      language: 'counterseal, in the place of cld',
      probe: 'true',
      line: `counterseal() { '${process.execPath}' '${ours}' "$@"; }
counterseal sign $params_to_sign $api_secret`,
    },
  ];
  for (const { language, probe, line } of languages)
    test(`the line for ${language}`, async (context) => {
      if ((await shell(probe)).code !== 0) return context.skip(`${language} is not installed`);
      const { stdout, stderr } = await shell(line, {
        params_to_sign: worked,
        api_secret: 'abcd',
        CLOUDINARY_URL: accountUrl(),
      });
      expect(stdout.trim(), stderr).toBe(signature);
    });

  test('`node signed-uploads/app.js` says where it is: on port 3000, or that this port is taken', async () => {
    const env = { CLOUDINARY_URL: accountUrl(), PORT: undefined };
    const command = ['node', 'signed-uploads/app.js'] as const;
    const app = await startPlainApp({ env, command: [...command], from: 'above' }).catch(String);
    if (typeof app === 'string') return expect(app).toContain('Port 3000 is taken');
    onTestFinished(app.stop);
    expect(app.url).toBe('http://localhost:3000');
    expect(await (await fetch(app.url)).text()).toContain('<h1>Signed uploads</h1>');
  });
});

describe('"Signed vs. Unsigned"', () => {
  const dotenvLine = "require('dotenv').config()";
  const block = `${dotenvLine}
const cloudinary = require('cloudinary').v2
const cloudName = cloudinary.config().cloud_name
const apiSecret = cloudinary.config().api_secret
const apiKey = cloudinary.config().api_key
`;
  const told = `${block}
console.log(JSON.stringify({ cloudName, apiSecret, apiKey }));`;
  const expected = { cloudName: 'demo', apiSecret: 'abcd', apiKey: '1234' };
  const isInstalled = (() => {
    try {
      return createRequire(import.meta.url).resolve('dotenv') !== '';
    } catch {
      return false;
    }
  })();

  async function runBeside(program: string): Promise<string> {
    const cwd = await insideFolder();
    await writeFile(join(cwd, '.env'), `CLOUDINARY_URL=${accountUrl()}\n`);
    await writeFile(join(cwd, 'server.cjs'), program);
    const env = { ...process.env, CLOUDINARY_URL: undefined };
    const { stdout, stderr } = await runCommand(process.execPath, ['server.cjs'], { cwd, env });
    expect(stderr).toBe('');
    return stdout;
  }

  test.skipIf(!isInstalled)('the Node block as written, with the package dotenv', async () => {
    expect(await runBeside(told)).toContain(JSON.stringify(expected));
  });

  test('the Node block without that package: Node reads .env itself', async () => {
    const program = told.replace(dotenvLine, 'process.loadEnvFile()');
    expect(program).not.toBe(told);
    expect(JSON.parse(await runBeside(program))).toEqual(expected);
  });

  test('an unsigned upload needs a preset, and neither key nor secret', async () => {
    const client = createClient(server, account);
    await client.admin('POST', 'upload_presets', { name: 'front_end', unsigned: true });
    const unsigned = (params: Record<string, string>) => client.upload(pixel, params, { auth: 'none' });
    expect(await unsigned({})).toMatchObject({
      status: 400,
      message: 'Upload preset must be specified when using unsigned upload',
    });
    const answer = await unsigned({ upload_preset: 'front_end' });
    expect(answer.status, answer.text).toBe(200);
  });
});

describe('"CldUploadWidget/Signed Uploads"', () => {
  const endpoint = `
import { v2 as cloudinary } from "cloudinary";
import { env } from '$env/dynamic/private';
import { error, json } from "@sveltejs/kit";

export const POST = (async ({ request }) => {
	const body = await request.json()
	const { paramsToSign } = body;
	try {
		const signature = cloudinary.utils.api_sign_request(
			paramsToSign,
			env.CLOUDINARY_API_SECRET
		);
		return json({ signature })
	} catch (e) {
		console.error(e)
		throw error(500, (e as Error).message)
	}
});
`;
  const cast = '(e as Error).message';

  const syntaxOf = (text: string) => runNode('file.mjs', text, {}, ['--check']);

  test('`+server.js` as written is not JavaScript; without the cast it signs, and the server accepts it', async () => {
    const asWritten = await syntaxOf(endpoint);
    expect(asWritten.code).toBe(1);
    expect(asWritten.stderr).toMatch(/e as Error[\s\S]*SyntaxError/);
    const corrected = endpoint.replace(cast, 'e.message');
    expect(await syntaxOf(corrected)).toMatchObject({ code: 0, stderr: '' });
    const target = typescript.ScriptTarget.ES2022;
    const asServerTs = typescript.transpile(endpoint, { target, module: typescript.ModuleKind.ESNext });
    expect(await syntaxOf(asServerTs)).toMatchObject({ code: 0, stderr: '' });

    const timestamp = nowSeconds();
    const paramsToSign = { source: 'uw', timestamp };
    const { stdout, stderr } = await runNode(
      'server.mjs',
      `${corrected.replace("import { env } from '$env/dynamic/private'", 'const env = process.env')}
const request = new Request('http://localhost/', { method: 'POST', body: process.env.BODY });
console.log(await (await POST({ request })).text());`,
      { BODY: JSON.stringify({ paramsToSign }), CLOUDINARY_API_SECRET: 'abcd' },
    );
    expect(stderr).toBe('');
    const made = JSON.parse(stdout) as { signature: string };
    const answer = await createClient(server, account).call(
      'auto/upload',
      { file: pixel, ...paramsToSign, api_key: '1234', signature: made.signature },
      { auth: 'none' },
    );
    expect(answer.status, answer.text).toBe(200);
  });

  test('the import of its page has a stray character', async () => {
    const line = "import {\u00c2\u00a0CldUploadWidget } from 'svelte-cloudinary'";
    expect((await syntaxOf(line)).stderr).toContain('SyntaxError');
    expect(await syntaxOf(line.replace('\u00c2\u00a0', ' '))).toMatchObject({ code: 0 });
  });
});
