import { createHash, hash, timingSafeEqual } from 'node:crypto';
import { v2 as cloudinary } from 'cloudinary';
import { apiSignRequest, stringToSign, verifyRequestSignature } from '../../packages/protocol/dist/index.js';
import { row } from '../lib/report.mjs';
import { playRounds, ratio } from '../lib/rounds.mjs';
import { visit } from '../lib/visit.mjs';

/** P1 and P2: signing and verifying against the official SDK and against the bare hash of a ready string. One process, one core. */
export const name = 'sign';

const secret = 'abcd';
/** The worked example of the signature documentation (upload-api reference, section 2.1). */
const example = {
  eager: 'w_400,h_300,c_pad|w_260,h_200,c_crop',
  public_id: 'sample_image',
  timestamp: 1315060510,
};
const documented = 'bfd09f95f331f558cbd1320e67aa8d488770583e';
const fifteen = {
  ...example,
  allowed_formats: 'jpg,png,webp',
  asset_folder: 'catalogue/spring',
  context: 'alt=A mountain lake|caption=Sunrise',
  display_name: 'Mountain lake',
  invalidate: true,
  notification_url: 'https://example.com/hooks/media',
  overwrite: false,
  source: 'uw',
  tags: 'lake,mountain,sunrise',
  transformation: 'c_limit,w_2000,h_2000',
  type: 'upload',
  unique_filename: true,
  upload_preset: 'catalogue',
};

/** Something for the results to go to, so that no call can be left out. */
let kept = 0;

const sdkSign = (params, algorithm) => cloudinary.utils.api_sign_request(params, secret, algorithm);

function signers(params, algorithm) {
  const ready = stringToSign(params) + secret;
  return [
    { name: 'ours', call: () => apiSignRequest(params, secret, algorithm) },
    { name: 'sdk', call: () => sdkSign(params, algorithm) },
    { name: 'createHash', call: () => createHash(algorithm).update(ready).digest('hex') },
    { name: 'hash', call: () => hash(algorithm, ready, 'hex') },
    ...(params === example ? [{ name: 'least', call: () => leastSignature(algorithm) }] : []),
  ];
}

/** One after the other, so that the compiler cannot make the text once for all calls. */
const copies = Array.from({ length: 16 }, () => ({ ...example }));
let used = 0;

/** What no signer can be cheaper than here: the text of the worked example from names and an order known beforehand, and the hash. */
function leastSignature(algorithm) {
  const { eager, public_id: publicId, timestamp } = copies[used++ % copies.length];
  return hash(algorithm, `eager=${eager}&public_id=${publicId}&timestamp=${timestamp}${secret}`, 'hex');
}

const digests = [Buffer.alloc(documented.length), Buffer.alloc(documented.length)];

/** The same for a verification in the constant time that the platform promises. */
function leastVerification(signature) {
  digests[0].latin1Write(leastSignature('sha1'));
  digests[1].latin1Write(signature);
  return signature.length === documented.length && timingSafeEqual(digests[0], digests[1]);
}

function verifiers(params) {
  const signature = sdkSign(params, 'sha1');
  return [
    {
      name: 'ours',
      call: () => String(verifyRequestSignature({ params, signature, secret }).outcome === 'valid'),
    },
    {
      name: 'sdk',
      call: () => String(timingSafeEqual(Buffer.from(sdkSign(params, 'sha1')), Buffer.from(signature))),
    },
    ...(params === example ? [{ name: 'least', call: () => String(leastVerification(signature)) }] : []),
  ];
}

export async function run({ quick }) {
  const rounds = quick ? 7 : 15;
  const operations = quick ? 20_000 : 40_000;
  const compare = async (contenders, expected) => {
    for (const { name: who, call } of contenders) {
      if (call() !== expected) throw new Error(`${who} answers ${call()}, not ${expected}`);
    }
    const timed = contenders.map((contender) => ({
      ...contender,
      pid: process.pid,
      work: repeat(contender.call),
    }));
    // Until the compiler has nothing left to improve.
    for (let again = 0; again < 3; again += 1) for (const { work } of timed) await work();
    return playRounds(timed, rounds, (contender) => visit(contender, { settleMs: 0 }));
  };
  const repeat = (call) => async () => {
    for (let done = 0; done < operations; done += 1) kept += call().length;
    return operations;
  };

  const rows = [];
  const add = (id, what, goal, samples, reference, contender = 'ours') =>
    rows.push(row(id, what, goal, ratio(samples, { contender, reference, figure: 'cpu' })));

  const small = await compare(signers(example, 'sha1'), documented);
  add('P1', 'sign, worked example, SHA-1: SDK', { min: 5 }, small, 'sdk');
  add('P1', 'sign, worked example, SHA-1: createHash on a ready string', { min: 1.3 }, small, 'createHash');
  add('P1', 'sign, worked example, SHA-1: crypto.hash on a ready string', null, small, 'hash');
  add('P1', 'limit here: the least that signs it: SDK', null, small, 'sdk', 'least');
  const strong = await compare(signers(example, 'sha256'), sdkSign(example, 'sha256'));
  add('P1', 'sign, worked example, SHA-256: SDK', { min: 4 }, strong, 'sdk');
  const large = await compare(signers(fifteen, 'sha1'), sdkSign(fifteen, 'sha1'));
  add('P1', 'sign, 15 parameters, SHA-1: SDK', { min: 2.8 }, large, 'sdk');
  const verified = await compare(verifiers(example), 'true');
  add('P2', 'verify, worked example: SDK + timingSafeEqual', { min: 4.5 }, verified, 'sdk');
  add('P2', 'limit here: the least that verifies it: SDK + timingSafeEqual', null, verified, 'sdk', 'least');
  add(
    'P2',
    'verify, 15 parameters: SDK + timingSafeEqual',
    { min: 2.5 },
    await compare(verifiers(fifteen), 'true'),
    'sdk',
  );
  if (kept === 0) throw new Error('nothing was signed');
  return rows;
}
