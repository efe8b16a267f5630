import { CldUploadButton } from '@counterseal/react';
import { useState } from 'react';
import type { Config } from './app.js';
import type { Upload } from './upload-list.js';

interface UnsignedCardProps {
  readonly config: Config;
  readonly onUpload: (upload: Upload) => void;
}

/** Nobody signs: the upload preset alone says what may be uploaded and where it goes. */
export function UnsignedCard({ config, onUpload }: UnsignedCardProps) {
  const [refusal, setRefusal] = useState<string | null>(null);
  const { apiUrl, cloudName, uploadPreset } = config;
  return (
    <section className="card">
      <h2>Unsigned</h2>
      <p>
        By the upload preset <b>{uploadPreset}</b>.
      </p>
      <CldUploadButton
        config={{ apiUrl, cloudName }}
        uploadPreset={uploadPreset}
        onQueuesStart={() => setRefusal(null)}
        onSuccess={({ info }) => onUpload({ ...info, isSigned: false })}
        onError={({ statusText }) => setRefusal(statusText)}
      >
        Upload, unsigned
      </CldUploadButton>
      {refusal !== null && <p role="alert">{refusal}</p>}
    </section>
  );
}
