'use client';

import { CldUploadButton, CldUploadWidget } from 'next-cloudinary';
import { useState } from 'react';

export default function Home() {
  const [resource, setResource] = useState();
  return (
    <main>
      <CldUploadWidget
        signatureEndpoint="/api/sign-cloudinary-params"
        onSuccess={(result, { widget }) => {
          setResource(result?.info); // { public_id, secure_url, etc }
        }}
        onQueuesEnd={(result, { widget }) => {
          widget.close();
        }}
      >
        {({ open }) => {
          function handleOnClick() {
            setResource(undefined);
            open();
          }
          return <button onClick={handleOnClick}>Upload an Image</button>;
        }}
      </CldUploadWidget>

      <CldUploadButton
        uploadPreset="next-cloudinary-unsigned"
        onSuccess={(result) => {
          setResource(result?.info);
        }}
      />

      <p>URL: {resource?.url}</p>
    </main>
  );
}
