// app/photos/actions.js
'use server';

import { revalidatePath } from 'next/cache';
import { addPhoto } from './store';

export async function save({ info }) {
  await addPhoto({ id: info.public_id, url: info.url });
  revalidatePath('/photos');
}
