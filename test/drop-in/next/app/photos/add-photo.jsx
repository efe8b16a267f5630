// app/photos/add-photo.jsx
'use client';

import { CldUploadWidget } from '@counterseal/react';
import { useState } from 'react';

export function AddPhoto({ userId, save }) {
  const [refusal, setRefusal] = useState(null);
  return (
    <>
      <CldUploadWidget
        signatureEndpoint="/api/sign"
        options={{ folder: `users/${userId}` }}
        onSuccessAction={save}
        onError={({ statusText }) => setRefusal(statusText)}
      >
        {({ open, isLoading }) => (
          <button type="button" disabled={isLoading} onClick={() => open()}>
            Add a photo
          </button>
        )}
      </CldUploadWidget>
      <p role="alert">{refusal}</p>
    </>
  );
}
