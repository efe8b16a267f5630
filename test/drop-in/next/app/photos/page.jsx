// app/photos/page.jsx
import { save } from './actions';
import { AddPhoto } from './add-photo';
import { listPhotos } from './store';

export const dynamic = 'force-dynamic';

export default async function Photos() {
  const photos = await listPhotos();
  return (
    <main>
      <AddPhoto userId="42" save={save} />
      <ul>
        {photos.map(({ id, url }) => (
          <li key={id}>
            <a href={url}>{id}</a>
          </li>
        ))}
      </ul>
    </main>
  );
}
