import { CldUploadWidget } from '@counterseal/react';
import { useState } from 'react';
import type { Config } from './app.js';
import type { Upload } from './upload-list.js';

interface SignedCardProps {
  readonly config: Config;
  readonly user: string | null;
  readonly onUpload: (upload: Upload) => void;
}

/** The server of this example signs each upload, if it likes what it is asked to sign. */
export function SignedCard({ config, user, onUpload }: SignedCardProps) {
  const [refusal, setRefusal] = useState<string | null>(null);
  const { apiUrl, cloudName } = config;
  const folder = `users/${user ?? 'nobody'}`;
  return (
    <section className="card">
      <h2>Signed</h2>
      <p>
        {user === null
          ? 'Nobody is logged in: the endpoint will refuse.'
          : `Goes to the folder ${folder}, and to no other.`}
      </p>
      <CldUploadWidget
        config={{ apiUrl, cloudName }}
        signatureEndpoint="/api/sign"
        options={{ folder, tags: ['react-example'] }}
        onQueuesStart={() => setRefusal(null)}
        onSuccess={({ info }) => onUpload({ ...info, isSigned: true })}
        onError={({ statusText }) => setRefusal(statusText)}
      >
        {({ open, isLoading }) => (
          <button type="button" disabled={isLoading} onClick={() => open()}>
            Upload, signed
          </button>
        )}
      </CldUploadWidget>
      {refusal !== null && <p role="alert">{refusal}</p>}
    </section>
  );
}
