import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../support/commands.js';
import { quarters } from '../support/pictures.js';
import { tmpDir } from '../support/tmp-dir.js';
import { useServer } from '../support/use-server.js';
import type { UploadAnswer } from '../support/wire-shapes.js';
import { cloudinaryUrl } from './use-sdk.js';

/*
 * One signed upload each with the official SDKs of other languages, where they are installed. Each program uploads its first argument
 * with the public id of its second, and prints the answer as JSON.
 */
const sdks = [
  {
    language: 'Python',
    probe: ['python3', '-c', 'import cloudinary.uploader'],
    run: ['python3', '-c'],
    program: `
import json, sys
import cloudinary.uploader
print(json.dumps(cloudinary.uploader.upload(sys.argv[1], public_id=sys.argv[2], tags=["a", "b & c"],
    eager=[{"width": 40, "height": 30, "crop": "pad"}])))
`,
    configure: cloudinaryUrl,
  },
  {
    language: 'Ruby',
    probe: ['ruby', '-e', 'require "cloudinary"'],
    run: ['ruby', '-e'],
    program: `
require "cloudinary"
require "json"
puts JSON.generate(Cloudinary::Uploader.upload(ARGV[0], public_id: ARGV[1], tags: ["a", "b & c"],
  eager: [{ width: 40, height: 30, crop: "pad" }]))
`,
    configure: cloudinaryUrl,
  },
  {
    language: 'PHP',
    probe: [
      'php',
      '-r',
      'require getenv("COMPOSER_HOME") . "/vendor/autoload.php"; new Cloudinary\\Cloudinary(["cloud" => ["cloud_name" => "x"]]);',
    ],
    run: ['php', '-r'],
    program: `
require getenv("COMPOSER_HOME") . "/vendor/autoload.php";
$cloudinary = new Cloudinary\\Cloudinary(getenv("CLOUDINARY_URL"));
echo json_encode($cloudinary->uploadApi()->upload($argv[1], ["public_id" => $argv[2], "tags" => ["a", "b & c"],
    "eager" => [["width" => 40, "height" => 30, "crop" => "pad"]]]));
`,
    // The PHP SDK nests its settings (upload-api reference, section 8).
    configure: (base: string) => cloudinaryUrl(base).replace('?upload_prefix=', '?api[upload_prefix]='),
  },
] as const;

const found = await Promise.all(
  sdks.map(async (sdk) => {
    const [program = '', ...args] = sdk.probe;
    const { code } = await runCommand(program, args);
    if (code !== 0) console.warn(`skipped: an upload with the ${sdk.language} SDK: it is not installed`);
    return { ...sdk, installed: code === 0 };
  }),
);

describe('the official SDK', () => {
  const server = useServer();
  let folder: Awaited<ReturnType<typeof tmpDir>>;
  beforeAll(async () => {
    folder = await tmpDir();
  });
  afterAll(() => folder.remove());

  for (const { language, run, program, configure, installed } of found)
    it.skipIf(!installed)(`of ${language} uploads with a signature`, async () => {
      const picture = await quarters(120, 80);
      const path = join(folder.path, 'logo.png');
      await writeFile(path, picture);
      const [interpreter, flag] = run;
      const { code, stdout, stderr } = await runCommand(
        interpreter,
        [flag, program, path, `sdk/${language}`],
        {
          env: { ...process.env, CLOUDINARY_URL: configure(server.url) },
        },
      );
      expect(code, stderr).toBe(0);
      expect(JSON.parse(stdout) as UploadAnswer).toMatchObject({
        public_id: `sdk/${language}`,
        width: 120,
        tags: ['a', 'b & c'],
        original_filename: 'logo',
        eager: [{ transformation: 'c_pad,h_30,w_40', width: 40, height: 30 }],
      });
    });
});
