import { randomBytes } from 'node:crypto';
import { apiSignRequest } from '../../packages/protocol/dist/index.js';
import { account } from './processes.mjs';

/** A signed upload as an official SDK sends it: the fields first, then the file. Good for an hour, any number of times. */
export function signedForm(file, params = {}, filename = 'file.bin') {
  const boundary = `----bench${randomBytes(12).toString('hex')}`;
  const signed = { timestamp: Math.floor(Date.now() / 1000), ...params };
  const fields = {
    ...signed,
    api_key: account.apiKey,
    signature: apiSignRequest(signed, account.apiSecret, 'sha256'),
  };
  const parts = Object.entries(fields).map(
    ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${filename}"\r\nContent-Type: application/octet-stream\r\n\r\n`;
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    body: Buffer.concat([Buffer.from(parts.join('') + head), file, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  };
}

export function uploadAddress(url, resourceType) {
  return `${url}/v1_1/${account.cloud}/${resourceType}/upload`;
}
