import { NetworkFailure, type Transport, type TransportAnswer } from '../core/ports.js';

/** Sends by XMLHttpRequest: `fetch` tells nothing about what has left yet. */
export const xhrTransport: Transport = {
  send(request, { signal, onProgress }) {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const xhr = new XMLHttpRequest();
      const stop = () => xhr.abort();
      xhr.open('POST', request.url);
      xhr.setRequestHeader('X-Requested-With', 'XMLHttpRequest');
      for (const [name, value] of Object.entries(request.headers)) xhr.setRequestHeader(name, value);
      xhr.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0);
      xhr.upload.onload = () => onProgress(1);
      xhr.onload = () => resolve(answerOf(xhr));
      xhr.onerror = () => reject(new NetworkFailure('The connection failed'));
      xhr.onabort = () => reject(signal.reason);
      xhr.onloadend = () => signal.removeEventListener('abort', stop);
      signal.addEventListener('abort', stop);
      xhr.send(formOf(request));
    });
  },
};

function formOf({ fields, file, filename }: Parameters<Transport['send']>[0]): FormData {
  const form = new FormData();
  for (const [name, value] of fields) form.append(name, value);
  if (typeof file === 'string') form.append('file', file);
  else form.append('file', file as Blob, filename);
  return form;
}

function answerOf(xhr: XMLHttpRequest): TransportAnswer {
  let body: unknown = null;
  try {
    body = JSON.parse(xhr.responseText);
  } catch {
    // An answer without JSON has no more to say than its status.
  }
  return { status: xhr.status, body, header: (name) => headerOf(xhr, name) };
}

/** Asking for a header that is not exposed across origins would log an error. */
function headerOf(xhr: XMLHttpRequest, name: string): string | null {
  const isThere = xhr.getAllResponseHeaders().toLowerCase().includes(`${name.toLowerCase()}:`);
  return isThere ? xhr.getResponseHeader(name) : null;
}
